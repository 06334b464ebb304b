/** Which permits ask for a decision, which fly, and what may be done with each. Pure functions. */
import type { Permit, PermitState, Priority, Volume } from "../protocol/messages";

export type Group = "waiting" | "live" | "over";
export type Action = "coordinate" | "approve" | "deny" | "offer" | "suspend" | "resume" | "revoke" | "close";

const GROUP: Record<PermitState, Group> = {
  draft: "waiting", submitted: "waiting", further_coordination: "waiting", alternative_offered: "waiting",
  auto_approved: "live", approved: "live", active: "live", suspended: "live",
  denied: "over", withdrawn: "over", revoked: "over", expired: "over", closed: "over",
};
const ACTIONS: Partial<Record<PermitState, Action[]>> = {
  submitted: ["approve", "offer", "coordinate", "deny"],
  further_coordination: ["approve", "offer", "deny"],
  alternative_offered: ["deny"],
  auto_approved: ["suspend", "revoke"],
  approved: ["suspend", "revoke"],
  active: ["suspend", "revoke", "close"],
  suspended: ["resume", "revoke"],
};
const RANK: Priority[] = ["police", "medical", "fire", "state", "commercial", "hobby"];
/** What is taken from somebody is taken for a reason. */
export const NEEDS_REASON: ReadonlySet<Action> = new Set(["deny", "suspend", "revoke"]);

export function groupOf(permit: Permit): Group {
  return GROUP[permit.state];
}

/** Who goes first, then who begins first. */
export function inOrder(permits: Permit[], group: Group): Permit[] {
  return permits.filter((permit) => groupOf(permit) === group).sort((a, b) =>
    RANK.indexOf(a.priority) - RANK.indexOf(b.priority) || a.scope.start_utc_ns - b.scope.start_utc_ns || (a.id < b.id ? -1 : 1));
}

export function actionsOf(permit: Permit): Action[] {
  return (ACTIONS[permit.state] ?? []).filter((action) => action !== "offer" || permit.alternative !== null);
}

/** Where a permit is in its time: seconds to its start, or to its end, or how long it has been over. */
export function timeLeft(permit: Permit, now_utc_ns: number): { kind: "starts" | "ends" | "over"; seconds: number } {
  const { start_utc_ns, end_utc_ns } = permit.scope;
  if (now_utc_ns < start_utc_ns) return { kind: "starts", seconds: (start_utc_ns - now_utc_ns) / 1e9 };
  if (now_utc_ns <= end_utc_ns) return { kind: "ends", seconds: (end_utc_ns - now_utc_ns) / 1e9 };
  return { kind: "over", seconds: (now_utc_ns - end_utc_ns) / 1e9 };
}

/** "0–120 m AGL", or "surface–∞" where nothing limits it. */
export function heights(volume: Volume): string {
  const floor = volume.floor_m === null ? "0" : `${Math.round(volume.floor_m)}`;
  const mixed = volume.floor_m !== null && volume.floor_reference !== volume.ceiling_reference ? ` ${volume.floor_reference}` : "";
  const ceiling = volume.ceiling_m === null ? "∞" : `${Math.round(volume.ceiling_m)} m ${volume.ceiling_reference}`;
  return `${floor}${mixed}–${ceiling}`;
}
