/** What a verdict cites, and how to open it. */
import type { Permit, Restriction, Verdict, Zone } from "../protocol/messages";

export interface Cited { kind: "zone" | "restriction" | "permit"; id: string }

/** What the verdict names, or else whatever bears the document that it names; null where nothing here does. */
export function citedBy(verdict: Verdict, zones: Zone[], restrictions: Restriction[], permits: Permit[]): Cited | null {
  if (verdict.cites) return verdict.cites;
  if (verdict.document === "") return null;
  const restriction = restrictions.find((one) => one.document === verdict.document);
  if (restriction) return { kind: "restriction", id: restriction.id };
  const permit = permits.find((one) => one.document === verdict.document);
  if (permit) return { kind: "permit", id: permit.id };
  const zone = zones.find((one) => one.document === verdict.document);
  return zone ? { kind: "zone", id: zone.id } : null;
}

export function open(
  cited: Cited,
  register: { permitId: string | null; dropDraft(): void; selectZone(id: string): void; selectRestriction(id: string): void },
  view: { open(list: "permits" | "zones"): void },
): void {
  if (cited.kind === "permit") register.permitId = cited.id;
  else {
    register.dropDraft();
    if (cited.kind === "zone") register.selectZone(cited.id);
    else register.selectRestriction(cited.id);
  }
  view.open(cited.kind === "permit" ? "permits" : "zones");
}
