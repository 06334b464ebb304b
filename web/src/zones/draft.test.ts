import { describe, expect, it } from "vitest";
import { shapeOfRing, ringOf } from "../map/geometry";
import type { Restriction, Template } from "../protocol/messages";
import { localText, secondsOfDay, timeOfDay, utcOfLocal } from "./clock";
import { commandOf, crosses, fromTemplate, newDraft, ofRestriction, problems, readPoint, shapeOf, withShape, type Draft } from "./draft";

const square = "44.50, -28.00\n44.50, -27.98\n44.52, -27.98\n44.52, -28.00";
const good: Draft = { ...newDraft("UTC"), title: "Night ban", corners: square, reason: "After the night." };

describe("the clock of a place", () => {
  it("is the place's own", () => {
    expect(utcOfLocal("2026-07-01T12:00", "UTC")).toBe("1782907200000000000");
    expect(Number(utcOfLocal("2026-07-01T12:00", "America/New_York"))).toBe(1782907200e9 + 4 * 3600e9);
    expect(Number(utcOfLocal("2026-01-01T12:00", "America/New_York")) / 1e9 % 86400).toBe(17 * 3600);
  });
  it("has an hour that never comes, and one that comes twice", () => {
    expect(utcOfLocal("2026-03-08T02:30", "America/New_York")).toBeNull();
    const [first, second] = [false, true].map((last) => Number(utcOfLocal("2026-11-01T01:30", "America/New_York", last)));
    expect((second! - first!) / 1e9).toBe(3600);
  });
  it("comes back as it went, at any quarter of a year", () => {
    for (let day = 0; day < 365; day++) {
      const ns = (1_767_225_600 + day * 86_400 + 43_200) * 1e9;
      for (const zone of ["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]) {
        expect(Number(utcOfLocal(localText(ns, zone), zone))).toBe(ns);
      }
    }
  });
  it("is no other text", () => {
    for (const text of ["", "noon", "2026-13-01T00:00", "2026-02-30T25:00", "2026-07-01"]) expect(utcOfLocal(text, "UTC")).toBeNull();
  });
  it("reads a time of day", () => {
    expect(secondsOfDay("18:30")).toBe(66_600);
    expect(secondsOfDay("")).toBeNull();
    expect(secondsOfDay("24:00")).toBeNaN();
    expect(timeOfDay(66_600)).toBe("18:30");
  });
});

describe("an outline that is typed in", () => {
  it("is latitude first", () => {
    expect(readPoint("44.5, -28")).toEqual([-28, 44.5]);
    expect(readPoint(" 44.5 −28.25 ")).toEqual([-28.25, 44.5]);
    for (const text of ["", "44.5", "a, b", "91, 0", "0, 181", "1, 2, 3"]) expect(readPoint(text)).toBeNull();
  });
  it("is a polygon of different corners whose edges do not cross", () => {
    expect(shapeOf(good)?.kind).toBe("polygon");
    expect(shapeOf({ ...good, corners: "44.5, -28\n44.5, -28\n44.5, -28" })).toBeNull();
    expect(shapeOf({ ...good, corners: `${square}\nhere` })).toBeNull();
    expect(crosses([[0, 0], [1, 1], [1, 0], [0, 1]])).toBe(true);
    expect(crosses([[0, 0], [1, 0], [1, 1], [0, 1]])).toBe(false);
  });
  it("is a circle with a radius", () => {
    const circle: Draft = { ...good, kind: "circle", centre: "44.5, -28", radius: "1500" };
    expect(shapeOf(circle)).toEqual({ kind: "circle", lon: -28, lat: 44.5, radius_m: 1500 });
    for (const radius of ["", "0", "-5", "many", "300000"]) expect(shapeOf({ ...circle, radius })).toBeNull();
  });
  it("is what was drawn, and again after it was typed", () => {
    const circle = { kind: "circle", lon: -28, lat: 44.5, radius_m: 800 } as const;
    const drawn = shapeOfRing("circle", [...ringOf(circle), ringOf(circle)[0]!]);
    expect(drawn).toMatchObject({ kind: "circle", lon: -28, lat: 44.5 });
    expect((drawn as { radius_m: number }).radius_m).toBeCloseTo(800, -1);
    expect(shapeOf(withShape(good, drawn))).toEqual(drawn);
    const polygon = shapeOf(good)!;
    expect(shapeOfRing("polygon", ringOf(polygon))).toEqual(polygon);
  });
});

describe("a draft", () => {
  it("says what is missing, in the order of the form", () => {
    expect(problems(newDraft("UTC"))).toEqual(["title", "corners", "reason"]);
    expect(problems({ ...newDraft("UTC"), kind: "circle" })).toEqual(["title", "centre", "reason"]);
    expect(problems(good)).toEqual([]);
    expect(problems({ ...good, floor: "200", ceiling: "100" })).toEqual(["limits"]);
    expect(problems({ ...good, start: "2026-07-01T12:00", end: "2026-07-01T12:00" })).toEqual(["order"]);
    expect(problems({ ...good, end: "2026-03-08T02:30", time_zone: "America/New_York" })).toEqual(["end"]);
    expect(problems({ ...good, leadIn_h: "721" })).toEqual(["lead_in"]);
  });
  it("becomes the command of the protocol", () => {
    const draft: Draft = { ...good, ceiling: "120", start: "2026-07-01T12:00", weekdays: [6, 5], from: "18:00", leadIn_h: "2" };
    expect(commandOf(draft)).toEqual({
      type: "draw_restriction", reason: "After the night.",
      drawn: {
        title: "Night ban", template: "", restriction: "PROHIBITED", polygon: [[-28, 44.5], [-27.98, 44.5], [-27.98, 44.52], [-28, 44.52]],
        floor_m: null, ceiling_m: 120, reference: "AGL", start_utc_ns: "1782907200000000000", end_utc_ns: null,
        hours: [{ weekdays: [5, 6], from_s: 64_800, to_s: null }], time_zone: "UTC", lead_in_s: 7200,
      },
    });
  });
  it("takes what a template says and keeps the outline", () => {
    const template: Template = {
      id: "crime_scene", name: "Crime scene", restriction: "PROHIBITED", floor_m: null, ceiling_m: 150, reference: "AGL",
      duration_s: 14_400, lead_in_s: 0, radius_m: 500, reason: "",
    };
    const filled = fromTemplate({ ...newDraft("UTC"), corners: square }, template, 1782907200e9);
    expect(filled).toMatchObject({ title: "Crime scene", ceiling: "150", start: "2026-07-01T12:00", end: "2026-07-01T16:00", corners: square });
  });
  it("of a restriction that stands is that restriction", () => {
    const restriction: Restriction = {
      id: "R-1", state: "published", version: 3, title: "Night ban", restriction: "PROHIBITED", reason: "x", document: "", template: "",
      volumes: [{
        rings: [[[-28, 44.5], [-27.9, 44.5], [-27.9, 44.6], [-28, 44.5]]], circle: null, floor_m: null, floor_reference: "AGL",
        ceiling_m: 120, ceiling_reference: "AGL", start_utc_ns: null, end_utc_ns: null,
      }],
      start_utc_ns: 1782907200e9, end_utc_ns: null, hours: [{ weekdays: [0], from_s: 3600, to_s: null }], time_zone: "UTC", says: "",
      lead_in_s: 3600, emergency: false, lapses_utc_ns: null, incident_id: "", in_force: true, signatures: [], signatures_needed: 2, steps: [],
    };
    expect(commandOf({ ...ofRestriction(restriction), reason: "Shorter." })).toMatchObject({
      type: "amend_restriction", restriction_id: "R-1", version: 3, reason: "Shorter.",
      drawn: {
        polygon: [[-28, 44.5], [-27.9, 44.5], [-27.9, 44.6]], ceiling_m: 120, start_utc_ns: "1782907200000000000",
        hours: [{ weekdays: [0], from_s: 3600, to_s: null }], lead_in_s: 3600,
      },
    });
  });
});
