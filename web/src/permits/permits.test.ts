import { describe, expect, it } from "vitest";
import type { Permit } from "../protocol/messages";
import { shownRings } from "../zones/shown";
import { citedBy } from "../tracks/cited";
import { decodeMsgpack, encodeMsgpack } from "../protocol/msgpack";
import { actionsOf, groupOf, heights, inOrder, timeLeft } from "./permits";

function permit(id: string, more: Partial<Permit> = {}): Permit {
  return {
    id, state: "submitted", version: 1, holder: id, priority: "hobby", serials: [], operator_ids: [], purpose: "", category: "",
    uas_class: "", conditions: [], unlocks: [], document: `Permit ${id}`, reason: "", contact: "", private: false, conflicts: [],
    alternative: null, steps: [], made_utc_ns: 0,
    scope: {
      volumes: [{
        rings: [[[0, 0], [1, 0], [1, 1], [0, 0]]], circle: null, floor_m: null, floor_reference: "AGL", ceiling_m: 120,
        ceiling_reference: "AGL", start_utc_ns: null, end_utc_ns: null,
      }],
      start_utc_ns: 100e9, end_utc_ns: 200e9, says: "",
    },
    ...more,
  };
}

describe("the inbox", () => {
  it("lists who goes first, then who begins first", () => {
    const early = permit("b", { scope: { ...permit("b").scope, start_utc_ns: 50e9 } });
    const found = inOrder([permit("a"), permit("c", { priority: "police" }), early, permit("d", { state: "active" })], "waiting");
    expect(found.map((one) => one.id)).toEqual(["c", "b", "a"]);
  });
  it("offers only what may be done", () => {
    expect(actionsOf(permit("a"))).toEqual(["approve", "coordinate", "deny"]);
    expect(actionsOf(permit("a", { alternative: permit("a").scope }))).toContain("offer");
    expect(actionsOf(permit("a", { state: "suspended" }))).toEqual(["resume", "revoke"]);
    expect(actionsOf(permit("a", { state: "denied" }))).toEqual([]);
    expect(groupOf(permit("a", { state: "suspended" }))).toBe("live");
  });
  it("says how much time is left, to the end inclusive", () => {
    expect(timeLeft(permit("a"), 40e9)).toEqual({ kind: "starts", seconds: 60 });
    expect(timeLeft(permit("a"), 200e9)).toEqual({ kind: "ends", seconds: 0 });
    expect(timeLeft(permit("a"), 260e9)).toEqual({ kind: "over", seconds: 60 });
  });
  it("says heights with what they are above", () => {
    const [volume] = permit("a").scope.volumes;
    expect(heights(volume!)).toBe("0–120 m AGL");
    expect(heights({ ...volume!, floor_m: 30, floor_reference: "AMSL", ceiling_m: null })).toBe("30 AMSL–∞");
  });
});

describe("the map", () => {
  it("points out what is selected in the list that is open", () => {
    const selected = { permit: permit("a"), restriction: null, zoneId: null, drawMode: "off", drawnShape: null } as const;
    expect(shownRings(selected, true, false, [])).toHaveLength(1);
    expect(shownRings(selected, false, true, [])).toHaveLength(0);
    expect(shownRings({ ...selected, drawnShape: { kind: "polygon", ring: [[0, 0], [1, 0], [1, 1]] } }, false, true, [])).toHaveLength(1);
  });
});

describe("a verdict", () => {
  it("opens what it cites, or else what bears its document", () => {
    const verdict = { permission: "forbidden", reason: "", document: "Permit a" };
    expect(citedBy(verdict, [], [], [permit("a")])).toEqual({ kind: "permit", id: "a" });
    expect(citedBy({ ...verdict, cites: { kind: "zone", id: "z" } }, [], [], [permit("a")])).toEqual({ kind: "zone", id: "z" });
    expect(citedBy({ ...verdict, document: "" }, [], [], [permit("a", { document: "" })])).toBeNull();
  });
});

it("a command with parts is encoded whole", () => {
  const command = {
    type: "draw_restriction", drawn: { polygon: [[-28.5, 44.25], [1, 2]], hours: [], floor_m: null, many: Array.from({ length: 40 }, (_, i) => i) },
    more: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, true])),
  };
  expect(decodeMsgpack(encodeMsgpack(command).buffer)).toEqual(command);
});
