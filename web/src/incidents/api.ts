/** Incidents as the server tells them over HTTP (`/api/incidents`), and what of it needs no page to be tested. */

export interface IncidentLine {
  incident_id: string; title: string; state: "open" | "closed" | "merged"; opened_utc_ns: string; opened_by: string; rule: string;
  last_utc_ns: string; counts: Record<string, number>; notes: number; merged_into: string;
}
export interface Moment {
  time_utc_ns: string; kind: string; item_id: string; night_id: string; says: string; by: string; because: string;
  came_from: string[]; added_utc_ns: string;
}
export interface Media {
  media_id: string; name: string; media_type: string; sha256: string; size_bytes: number; taken: string; taken_utc_ns: string | null;
  facts: { name: string; value: string }[]; thumbnail_sha256: string;
}
export interface Shown {
  view: {
    incident: {
      incident_id: string; title: string; state: IncidentLine["state"]; opened_by: string; because: string; rule: string;
      merged_into: string; merged_from: string[]; split_from: string; split_into: string[];
      removed: { held: { item: { says: string } }; by: string; because: string }[];
    };
    timeline: Moment[];
  };
  media: Media[];
}
export interface Hit {
  kind: string; item_id: string; incident_ids: string[]; title: string; before: string; match: string; after: string;
}
export type Act = Record<string, string | string[]>;

/** How an item is named to the server: "track:12@N-1", "media:M-1". */
export function nameOf(moment: Moment): string {
  return `${moment.kind}:${moment.item_id}${moment.night_id === "" ? "" : `@${moment.night_id}`}`;
}

/** What can be chosen to go elsewhere: everything that is held, no notes and no steps of the incident itself. */
export function isItem(moment: Moment): boolean {
  return moment.kind !== "note" && moment.kind !== "incident";
}

/** Whether something came in so much later than it was that it has to be said: a minute. */
export function cameLater(moment: Moment): boolean {
  return Number(moment.added_utc_ns) - Number(moment.time_utc_ns) > 60e9;
}

/** "2 tracks" and so on are words of the catalogue; this is which of them, most telling first. */
export function countsOf(line: IncidentLine): [string, number][] {
  const order = ["alert", "track", "media", "statement", "report", "decision"];
  return order.filter((kind) => (line.counts[kind] ?? 0) > 0).map((kind) => [kind, line.counts[kind]!]);
}

export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

async function answer<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T;
  const told = (await response.json().catch(() => null)) as { detail?: unknown } | null;
  throw new Error(typeof told?.detail === "string" ? told.detail : `${response.status} ${response.statusText}`);
}

const BASE = "/api/incidents";
export const incidentApi = {
  lines: async (): Promise<IncidentLine[]> => answer(await fetch(BASE)),
  one: async (id: string): Promise<Shown> => answer(await fetch(`${BASE}/${encodeURIComponent(id)}`)),
  search: async (query: string): Promise<Hit[]> => answer(await fetch(`${BASE}/search?q=${encodeURIComponent(query)}`)),
  act: async (act: Act): Promise<{ incident_id: string }> =>
    answer(await fetch(BASE, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(act) })),
  hand_in: async (id: string, file: File, by: string, reason: string): Promise<{ incident_id: string }> =>
    answer(await fetch(`${BASE}/${encodeURIComponent(id)}/media?${new URLSearchParams({ name: file.name, by, reason }).toString()}`, { method: "POST", body: file })),
};
