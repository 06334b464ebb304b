/** A restriction as somebody types or draws it, and the command that it becomes. Pure functions. */
import type { Shape } from "../map/view";
import type { Command } from "../protocol/msgpack";
import type { LonLat, Restriction, RestrictionWord, Template } from "../protocol/messages";
import { localText, secondsOfDay, timeOfDay, utcOfLocal } from "./clock";

export interface Draft {
  /** What is amended, or null for a new one. */
  restrictionId: string | null;
  version: number;
  template: string;
  title: string;
  restriction: RestrictionWord;
  kind: "circle" | "polygon";
  centre: string;
  radius: string;
  corners: string;
  floor: string;
  ceiling: string;
  reference: "AGL" | "AMSL";
  start: string;
  end: string;
  time_zone: string;
  weekdays: number[];
  from: string;
  to: string;
  leadIn_h: string;
  reason: string;
}

export type Problem =
  | "title" | "centre" | "radius" | "corners" | "floor" | "ceiling" | "limits" | "start" | "end" | "order" | "hours" | "lead_in" | "reason";

export const MOST_CORNERS = 200;
export const LARGEST_RADIUS_M = 200_000;

export function newDraft(time_zone: string): Draft {
  return {
    restrictionId: null, version: 1, template: "", title: "", restriction: "PROHIBITED", kind: "polygon", centre: "", radius: "",
    corners: "", floor: "", ceiling: "", reference: "AGL", start: "", end: "", time_zone, weekdays: [], from: "", to: "", leadIn_h: "", reason: "",
  };
}

/** Fill in what a template says; what it does not say, and the outline, stay. */
export function fromTemplate(draft: Draft, template: Template, now_utc_ns: number): Draft {
  const start = draft.start || localText(now_utc_ns, draft.time_zone);
  const begins = utcOfLocal(start, draft.time_zone);
  const ends = template.duration_s === null || begins === null ? draft.end
    : localText(Number(begins) + template.duration_s * 1e9, draft.time_zone);
  return {
    ...draft, template: template.id, title: draft.title || template.name, restriction: template.restriction,
    floor: text(template.floor_m), ceiling: text(template.ceiling_m), reference: template.reference === "AMSL" ? "AMSL" : "AGL",
    start, end: ends, leadIn_h: template.lead_in_s > 0 ? text(template.lead_in_s / 3600) : "",
    radius: draft.radius || text(template.radius_m), reason: draft.reason || template.reason,
  };
}

export function ofRestriction(restriction: Restriction): Draft {
  const volume = restriction.volumes[0];
  const hours = restriction.hours[0];
  const zone = restriction.time_zone;
  const blank = newDraft(zone);
  const draft: Draft = {
    ...blank, restrictionId: restriction.id, version: restriction.version, template: restriction.template, title: restriction.title,
    restriction: restriction.restriction, floor: text(volume?.floor_m ?? null), ceiling: text(volume?.ceiling_m ?? null),
    reference: volume?.ceiling_reference === "AMSL" ? "AMSL" : "AGL",
    start: restriction.start_utc_ns === null ? "" : localText(restriction.start_utc_ns, zone),
    end: restriction.end_utc_ns === null ? "" : localText(restriction.end_utc_ns, zone),
    weekdays: [...(hours?.weekdays ?? [])], from: timeOfDay(hours?.from_s ?? null), to: timeOfDay(hours?.to_s ?? null),
    leadIn_h: restriction.lead_in_s > 0 ? text(restriction.lead_in_s / 3600) : "",
  };
  if (volume === undefined) return draft;
  const ring = volume.rings[0] ?? [];
  return withShape(draft, volume.circle !== null ? { kind: "circle", ...volume.circle } : { kind: "polygon", ring: ring.slice(0, -1) });
}

export function withShape(draft: Draft, shape: Shape | null): Draft {
  if (shape === null) return { ...draft, centre: "", radius: "", corners: "" };
  if (shape.kind === "circle") return { ...draft, kind: "circle", centre: pointText([shape.lon, shape.lat]), radius: text(shape.radius_m) };
  return { ...draft, kind: "polygon", corners: shape.ring.map(pointText).join("\n") };
}

/** Latitude first, as maps and people say it. */
export function pointText([lon, lat]: LonLat): string {
  return `${lat}, ${lon}`;
}

export function readPoint(line: string): LonLat | null {
  const match = /^\s*([-+−]?\d{1,3}(?:\.\d+)?)\s*[,;\s]\s*([-+−]?\d{1,3}(?:\.\d+)?)\s*$/.exec(line);
  if (match === null) return null;
  const [lat, lon] = [match[1]!, match[2]!].map((number) => Number(number.replace("−", "-"))) as [number, number];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lon, lat] : null;
}

export function shapeOf(draft: Draft): Shape | null {
  if (draft.kind === "circle") {
    const centre = readPoint(draft.centre);
    const radius_m = readNumber(draft.radius);
    if (centre === null || radius_m === null || !(radius_m > 0 && radius_m <= LARGEST_RADIUS_M)) return null;
    return { kind: "circle", lon: centre[0], lat: centre[1], radius_m };
  }
  const corners = draft.corners.split("\n").filter((line) => line.trim() !== "").map(readPoint);
  const ring = corners.filter((corner) => corner !== null);
  const different = new Set(ring.map(String)).size;
  if (ring.length !== corners.length || different < 3 || ring.length > MOST_CORNERS || crosses(ring)) return null;
  return { kind: "polygon", ring };
}

/** Whether two edges that are not neighbours cross. */
export function crosses(ring: LonLat[]): boolean {
  const n = ring.length;
  const side = (a: LonLat, b: LonLat, c: LonLat) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
  for (let i = 0; i < n; i++) {
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue;
      const [a, b, c, d] = [ring[i]!, ring[(i + 1) % n]!, ring[j]!, ring[(j + 1) % n]!];
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true;
    }
  }
  return false;
}

/** What must be put right before it can be sent, in the order of the form. */
export function problems(draft: Draft): Problem[] {
  const found: Problem[] = [];
  const [floor, ceiling, lead] = [readNumber(draft.floor), readNumber(draft.ceiling), readNumber(draft.leadIn_h)];
  const [start, end] = [utcOfLocal(draft.start, draft.time_zone), utcOfLocal(draft.end, draft.time_zone, true)];
  const hours = [secondsOfDay(draft.from), secondsOfDay(draft.to)];
  if (draft.title.trim() === "") found.push("title");
  if (draft.kind === "circle" && readPoint(draft.centre) === null) found.push("centre");
  if (shapeOf(draft) === null && !found.includes("centre")) found.push(draft.kind === "circle" ? "radius" : "corners");
  if (draft.floor !== "" && floor === null) found.push("floor");
  if (draft.ceiling !== "" && ceiling === null) found.push("ceiling");
  if (floor !== null && ceiling !== null && floor >= ceiling) found.push("limits");
  if (draft.start !== "" && start === null) found.push("start");
  if (draft.end !== "" && end === null) found.push("end");
  if (start !== null && end !== null && Number(end) <= Number(start)) found.push("order");
  if (hours.some(Number.isNaN)) found.push("hours");
  if (draft.leadIn_h !== "" && (lead === null || lead < 0 || lead > 720)) found.push("lead_in");
  if (draft.reason.trim() === "") found.push("reason");
  return found;
}

/** The command that a draft without problems becomes. */
export function commandOf(draft: Draft): Command {
  const shape = shapeOf(draft)!;
  const outline: Command = shape.kind === "circle"
    ? { circle: { lon: shape.lon, lat: shape.lat, radius_m: shape.radius_m } } : { polygon: shape.ring };
  const hasHours = draft.weekdays.length > 0 || draft.from !== "" || draft.to !== "";
  const drawn = {
    title: draft.title.trim(), template: draft.template, restriction: draft.restriction, ...outline,
    floor_m: readNumber(draft.floor), ceiling_m: readNumber(draft.ceiling), reference: draft.reference,
    start_utc_ns: utcOfLocal(draft.start, draft.time_zone), end_utc_ns: utcOfLocal(draft.end, draft.time_zone, true),
    hours: hasHours ? [{ weekdays: [...draft.weekdays].sort(), from_s: secondsOfDay(draft.from), to_s: secondsOfDay(draft.to) }] : [],
    time_zone: draft.time_zone, lead_in_s: (readNumber(draft.leadIn_h) ?? 0) * 3600,
  };
  const reason = draft.reason.trim();
  return draft.restrictionId === null ? { type: "draw_restriction", drawn, reason }
    : { type: "amend_restriction", restriction_id: draft.restrictionId, version: draft.version, drawn, reason };
}

function readNumber(value: string): number | null {
  const plain = value.trim().replace(",", ".").replace("−", "-");
  return /^[-+]?\d{1,6}(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

function text(value: number | null): string {
  return value === null ? "" : String(value);
}
