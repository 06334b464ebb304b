import { describe, expect, it } from "vitest";
import { COLUMN_NAMES, COLUMN_TYPES, type Columns, type Picture } from "../protocol/messages";
import { drawingOrder, importantRows, standingWeights } from "./rank";
import { TRAIL_POINTS, TrackStore } from "./store";

const STANDINGS = ["unknown", "friend", "neutral", "suspect", "hostile"];

function picture(time_s: number, rows: Record<string, number>[], gone: number[] = [], full = false): Picture {
  const columns = {} as Record<string, unknown>;
  for (const name of COLUMN_NAMES) columns[name] = COLUMN_TYPES[name].from(rows.map((row) => row[name] ?? 0));
  return { type: "picture", time_utc_ns: time_s * 1e9, full, gone: Int32Array.from(gone), columns: columns as Columns };
}

function heights(store: TrackStore): Record<number, number> {
  const out: Record<number, number> = {};
  for (let row = 0; row < store.count; row++) out[store.columns.id[row]!] = store.columns.height_dm[row]!;
  return out;
}

describe("the picture store", () => {
  it("changes the rows it is told of and leaves the others", () => {
    const store = new TrackStore();
    store.apply(picture(1, [{ id: 7, height_dm: 100 }, { id: 9, height_dm: 200 }], [], true));
    store.apply(picture(2, [{ id: 9, height_dm: 210 }]));
    expect(heights(store)).toEqual({ 7: 100, 9: 210 });
  });

  it("fills the place of a track that goes with the last one", () => {
    const store = new TrackStore();
    store.apply(picture(1, [1, 2, 3].map((id) => ({ id, height_dm: id * 10 })), [], true));
    store.apply(picture(2, [{ id: 4, height_dm: 40 }], [1]));
    expect(heights(store)).toEqual({ 2: 20, 3: 30, 4: 40 });
    expect([2, 3, 4].map((id) => store.columns.id[store.row(id)])).toEqual([2, 3, 4]);
    expect(store.row(1)).toBe(-1);
  });

  it("equals a full picture after any mixture of changes", () => {
    const store = new TrackStore();
    const truth = new Map<number, number>();
    let seed = 12345;
    const dice = (below: number) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
    for (let step = 1; step <= 400; step++) {
      const gone = [...truth.keys()].filter(() => dice(12) === 0);
      for (const id of gone) truth.delete(id);
      const changed = new Map(Array.from({ length: dice(9) }, () => [dice(600), dice(9999)] as const));
      for (const id of gone) changed.delete(id);
      for (const [id, height_dm] of changed) truth.set(id, height_dm);
      store.apply(picture(step, [...changed].map(([id, height_dm]) => ({ id, height_dm })), gone));
    }
    expect(heights(store)).toEqual(Object.fromEntries(truth));
  });

  it("keeps the newest points of a trail, oldest first at the head", () => {
    const store = new TrackStore();
    for (let s = 1; s <= TRAIL_POINTS + 5; s++) store.apply(picture(s, [{ id: 1, lon_e7: s }]));
    const head = store.trailHead[0]!;
    expect(store.trailLength[0]).toBe(TRAIL_POINTS);
    expect(store.trail[head * 3]).toBe(6);
    expect(store.trail[((head + TRAIL_POINTS - 1) % TRAIL_POINTS) * 3]).toBe(TRAIL_POINTS + 5);
  });

  it("ties no trail over a jump in time", () => {
    const store = new TrackStore();
    store.apply(picture(100, [{ id: 1 }], [], true));
    store.apply(picture(101, [{ id: 1 }]));
    store.apply(picture(20, [{ id: 1 }], [], true));
    expect(store.trailLength[store.row(1)]).toBe(1);
  });

  it("refuses columns out of step", () => {
    const broken = picture(1, [{ id: 1 }]);
    broken.columns.lat_e7 = new Int32Array(2);
    expect(() => new TrackStore().apply(broken)).toThrow("lat_e7 has 2 rows, must have 1");
  });
});

describe("what matters most", () => {
  it("is drawn last, the most important on top", () => {
    expect([...drawingOrder(5, Int32Array.from([3, 1]))]).toEqual([0, 2, 4, 1, 3]);
  });

  it("puts the pinned first, then the hostile, then by priority", () => {
    const store = new TrackStore();
    store.apply(picture(1, [
      { id: 1, standing_index: 2, priority_percent: 3 }, { id: 2, standing_index: 4, priority_percent: 60 },
      { id: 3, standing_index: 4, priority_percent: 90 }, { id: 4, standing_index: 1, priority_percent: 0 },
    ]));
    const rows = importantRows(store, standingWeights(STANDINGS), new Set([4]), 3);
    expect([...rows].map((row) => store.columns.id[row])).toEqual([4, 3, 2]);
  });
});
