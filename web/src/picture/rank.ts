/**
 * Which rows matter most, so that labels, trails and ellipses stop at a number that a person can read.
 *
 * The score and the row share one double, so that the native typed-array sort needs no comparator.
 */
import type { TrackStore } from "./store";

/** Weight by name of standing; a name the page does not know counts as unknown. */
const STANDING_WEIGHT: Record<string, number> = { hostile: 400, suspect: 300, unknown: 200, neutral: 60, friend: 50 };
const ROW_BASE = 2 ** 20;

export function standingWeights(standings: string[]): number[] {
  return standings.map((name) => STANDING_WEIGHT[name.toLowerCase()] ?? 200);
}

/** Return at most `limit` rows, most important first; `pinned` rows come before all others. */
export function importantRows(
  store: TrackStore, weights: number[], pinned: ReadonlySet<number>, limit: number,
): Int32Array {
  const { id, priority_percent, standing_index } = store.columns;
  const keys = new Float64Array(store.count);
  for (let row = 0; row < store.count; row++) {
    const score = priority_percent[row]! * 8 + (weights[standing_index[row]!] ?? 200) + (pinned.has(id[row]!) ? 4000 : 0);
    keys[row] = score * ROW_BASE + (ROW_BASE - 1 - row);
  }
  keys.sort();
  const count = Math.min(limit, store.count);
  const rows = new Int32Array(count);
  for (let i = 0; i < count; i++) rows[i] = ROW_BASE - 1 - (keys[keys.length - 1 - i]! % ROW_BASE);
  return rows;
}

/** All rows in the order to draw them: the important ones last, the most important on top of everything. */
export function drawingOrder(count: number, important: Int32Array): Int32Array {
  const order = new Int32Array(count);
  const late = new Uint8Array(count);
  for (const row of important) late[row] = 1;
  let at = 0;
  for (let row = 0; row < count; row++) if (late[row] === 0) order[at++] = row;
  for (let i = important.length - 1; i >= 0; i--) order[at++] = important[i]!;
  return order;
}
