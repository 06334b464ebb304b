import { describe, expect, it } from "vitest";
import { cameLater, countsOf, isItem, nameOf, size, type IncidentLine, type Moment } from "./api";

function moment(more: Partial<Moment> = {}): Moment {
  return { time_utc_ns: "1000000000000", kind: "track", item_id: "12", night_id: "N-1", says: "Track 12", by: "machine", because: "", came_from: [], added_utc_ns: "1000000000000", ...more };
}

describe("an incident", () => {
  it("names its items as the server reads them", () => {
    expect(nameOf(moment())).toBe("track:12@N-1");
    expect(nameOf(moment({ kind: "media", item_id: "M-1", night_id: "" }))).toBe("media:M-1");
  });
  it("moves items, never notes or its own steps", () => {
    expect(["track", "media", "note", "incident"].map((kind) => isItem(moment({ kind })))).toEqual([true, true, false, false]);
  });
  it("says what came in later than it was", () => {
    expect(cameLater(moment())).toBe(false);
    expect(cameLater(moment({ added_utc_ns: "1061000000000" }))).toBe(true);
  });
  it("counts what tells most first, and nothing that is not there", () => {
    expect(countsOf({ counts: { step: 9, track: 2, alert: 1 } } as unknown as IncidentLine)).toEqual([["alert", 1], ["track", 2]]);
  });
  it("writes sizes in three figures", () => {
    expect([size(12), size(45_300), size(7_250_000)]).toEqual(["12 B", "45 kB", "7.3 MB"]);
  });
});
