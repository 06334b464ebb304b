import { describe, expect, it } from "vitest";
import { readPicture, viewColumn } from "./messages";
import { decodeMsgpack, encodeMsgpack } from "./msgpack";
import { reconnectWait_ms } from "./socket";

const bytes = (hex: string): ArrayBuffer => Uint8Array.from(hex.match(/../g)!, (pair) => parseInt(pair, 16)).buffer;

describe("MessagePack", () => {
  // Bytes from the specification's own format table, written out by hand.
  it.each([
    ["c0", null], ["c2", false], ["c3", true], ["7f", 127], ["e0", -32], ["cc80", 128], ["cd0100", 256], ["ce00010000", 65536],
    ["cf00000001000000ff", 4294967551], ["d0df", -33], ["d1ff7f", -129], ["d2ffff7fff", -32769], ["d3fffffffeffffffff", -4294967297],
    ["cb3ff8000000000000", 1.5], ["ca3fc00000", 1.5], ["a161", "a"], ["d902c3a9", "é"], ["93010203", [1, 2, 3]],
    ["82a161c0a1629101", { a: null, b: [1] }], ["dc000101", [1]], ["de0001a16102", { a: 2 }],
  ])("reads %s", (hex, expected) => {
    expect(decodeMsgpack(bytes(hex))).toEqual(expected);
  });

  it("reads bytes without copying them", () => {
    const message = bytes("c4020304");
    const value = decodeMsgpack(message) as Uint8Array;
    expect([...value]).toEqual([3, 4]);
    expect(value.buffer).toBe(message);
  });

  it.each([["92"], ["a261"], ["c1"], ["0101"], ["c405ff"]])("refuses %s", (hex) => {
    expect(() => decodeMsgpack(bytes(hex))).toThrow(RangeError);
  });

  it("reads back what it writes", () => {
    const command = { type: "seek", time_utc_ns: 1_893_550_200_123_456_800, by: "é".repeat(40), track_id: null, n: -7, on: true };
    expect(decodeMsgpack(encodeMsgpack(command).buffer)).toEqual(command);
  });
});

describe("a picture", () => {
  it("reads the same from bytes and from numbers", () => {
    const asNumbers = readPicture({ time_utc_ns: "5", full: true, gone: [3], columns: { id: [1, 2], course_cdeg: [100, 35999] } });
    const asBytes = readPicture({
      time_utc_ns: 5, full: true, gone: new Uint8Array([3, 0, 0, 0]),
      columns: { id: new Uint8Array([1, 0, 0, 0, 2, 0, 0, 0]), course_cdeg: new Uint8Array([100, 0, 0x9f, 0x8c]) },
    });
    expect(asBytes).toEqual(asNumbers);
    expect([...asBytes.columns.course_cdeg]).toEqual([100, 35999]);
  });

  it("reads a column that does not lie on a boundary", () => {
    const inside = new Uint8Array([9, 1, 0, 0, 0]).subarray(1);
    expect([...viewColumn("id", inside)]).toEqual([1]);
  });

  it("refuses a column with a broken last number", () => {
    expect(() => viewColumn("id", new Uint8Array(5))).toThrow("id: 5 bytes, must be a multiple of 4");
  });
});

it("waits longer each time it reconnects, up to a bound", () => {
  expect([0, 1, 2, 9].map(reconnectWait_ms)).toEqual([500, 1000, 2000, 8000]);
});
