/** Sorting and filtering rows of the store without making objects of them. */
import type { TrackStore } from "../picture/store";

export type SortKey = "id" | "class" | "standing" | "status" | "height" | "speed" | "course" | "climb" | "sigma" | "priority";

const STANDING_ORDER: Record<string, number> = { hostile: 4, suspect: 3, unknown: 2, neutral: 1, friend: 0 };

export interface Names { classes: string[]; standings: string[]; statuses: string[] }

function keyColumn(store: TrackStore, key: SortKey, names: Names): (row: number) => number {
  const c = store.columns;
  switch (key) {
    case "id": return (row) => c.id[row]!;
    case "class": return (row) => c.class_index[row]!;
    case "standing": return (row) => STANDING_ORDER[names.standings[c.standing_index[row]!] ?? ""] ?? 2;
    case "status": return (row) => c.status_index[row]!;
    case "height": return (row) => c.height_dm[row]!;
    case "speed": return (row) => c.speed_cmps[row]!;
    case "course": return (row) => c.course_cdeg[row]!;
    case "climb": return (row) => c.climb_cmps[row]!;
    case "sigma": return (row) => c.sigma_major_dm[row]!;
    case "priority": return (row) => c.priority_percent[row]!;
  }
}

/** Rows whose name, number, class, standing or status contains every word of `filter`, sorted; ties by track number. */
export function tableRows(store: TrackStore, names: Names, filter: string, key: SortKey, descending: boolean,
  called: ReadonlyMap<number, string> = new Map()): Int32Array {
  const c = store.columns;
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const rows = new Int32Array(store.count);
  let count = 0;
  for (let row = 0; row < store.count; row++) {
    if (words.length > 0) {
      const name = called.get(c.id[row]!)?.toLowerCase() ?? "";
      const text = `${name} t${c.id[row]} ${names.classes[c.class_index[row]!]} ${names.standings[c.standing_index[row]!]} ${names.statuses[c.status_index[row]!]}`;
      if (!words.every((word) => text.includes(word))) continue;
    }
    rows[count++] = row;
  }
  const of = keyColumn(store, key, names);
  const sign = descending ? -1 : 1;
  return rows.subarray(0, count).sort((a, b) => sign * (of(a) - of(b)) || c.id[a]! - c.id[b]!);
}
