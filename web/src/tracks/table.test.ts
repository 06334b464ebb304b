import { expect, it } from "vitest";
import { COLUMN_NAMES, COLUMN_TYPES, type Columns } from "../protocol/messages";
import { TrackStore } from "../picture/store";
import { tableRows } from "./table";

const NAMES = { classes: ["multirotor", "bird"], standings: ["unknown", "friend", "hostile"], statuses: ["confirmed", "coasting"] };

function store(): TrackStore {
  const rows = [
    { id: 12, class_index: 0, standing_index: 2, priority_percent: 90 }, { id: 3, class_index: 1, standing_index: 0, priority_percent: 2 },
    { id: 31, class_index: 1, standing_index: 0, priority_percent: 2, status_index: 1 },
  ] as Record<string, number>[];
  const columns = {} as Record<string, unknown>;
  for (const name of COLUMN_NAMES) columns[name] = COLUMN_TYPES[name].from(rows.map((row) => row[name] ?? 0));
  const made = new TrackStore();
  made.apply({ type: "picture", time_utc_ns: 1e9, full: true, gone: new Int32Array(0), columns: columns as Columns });
  return made;
}

it("sorts by a column, ties by track number, and keeps only what fits every word", () => {
  const tracks = store();
  const ids = (filter: string, descending: boolean) =>
    [...tableRows(tracks, NAMES, filter, "priority", descending)].map((row) => tracks.columns.id[row]);
  expect(ids("", true)).toEqual([12, 3, 31]);
  expect(ids("", false)).toEqual([3, 31, 12]);
  expect(ids("bird coast", true)).toEqual([31]);
  expect(ids("t3", true)).toEqual([3, 31]);
  const called = tableRows(tracks, NAMES, "grey", "priority", true, new Map([[31, "Grey one"]]));
  expect([...called].map((row) => tracks.columns.id[row])).toEqual([31]);
  expect(ids("hostile bird", true)).toEqual([]);
});
