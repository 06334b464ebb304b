import { expect, it } from "vitest";
import { bearing, clockUtc, grouped, metres, persons, personsError, remaining, span } from "./format";

it.each([[0, "0:00"], [-3, "0:00"], [59.9, "0:59"], [65, "1:05"], [3725, "1:02:05"]])("writes %d s as %s", (s, text) => {
  expect(span(s)).toBe(text);
});

it("counts an interval down from the moment it was given for", () => {
  expect(remaining([40, 50, 70], 1e9, 11e9)).toEqual([30, 40, 60]);
});

it("writes the UTC time of day", () => {
  expect(clockUtc(Date.UTC(2030, 0, 2, 2, 14, 7) * 1e6)).toBe("02:14:07");
});

it.each([[0, "< 0.001"], [0.0121, "0.012"], [0.184, "0.18"], [1.44, "1.4"], [23.4, "23"], [NaN, "?"]])("writes %d persons as %s", (n, text) => {
  expect(persons(n)).toBe(text);
});

it.each([[359.6, "000°"], [7.2, "007°"], [180, "180°"]])("writes bearing %d as %s", (deg, text) => {
  expect(bearing(deg)).toBe(text);
});

it("writes lengths and counts so that they can be read at a glance", () => {
  expect([metres(84.4), metres(9999), metres(12_345)]).toEqual(["84 m", "9999 m", "12.3 km"]);
  expect([grouped(999), grouped(1234567)]).toEqual(["999", "1\u202f234\u202f567"]);
});

it.each([[0.15, 0.0123, " ± 0.01"], [2.1, 0.4, " ± 0.4"], [0.15, 0.0002, " ± 0.001"], [0.0004, 0.1, ""], [null, 0.1, ""], [0.15, null, ""]])(
  "writes the error of %s persons, %s, as '%s'", (expected, error, text) => {
    expect(personsError(expected, error)).toBe(text);
  });
