import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ar } from "../i18n/ar";
import { en } from "../i18n/en";
import { fr } from "../i18n/fr";
import { drawFootprint } from "../decide/footprint";
import { degreesPerMetre, offset, sector } from "./geometry";
import { CLASS_KEYS, claimCell, STANDING_KEYS, symbolId, trackCell, VERDICT_KEYS } from "./symbolKeys";

describe("symbols", () => {
  it("shows what it does not know as unknown, never as a friend", () => {
    expect(symbolId("pending", "blimp")).toBe("unknown-other");
    expect(trackCell(undefined, undefined)).toBe(trackCell("unknown", "other"));
  });

  it("finds each symbol in the cell where the atlas has it", () => {
    for (const name of ["day", "night"]) {
      const svg = readFileSync(new URL(`./symbols-${name}.svg`, import.meta.url), "utf8");
      const placed = [...svg.matchAll(/<use href="#([^"]+)"/g)].map((match) => match[1]);
      for (const standing of STANDING_KEYS) {
        for (const kind of CLASS_KEYS) expect(placed[trackCell(standing, kind)]).toBe(`${standing}-${kind}`);
      }
      for (const verdict of VERDICT_KEYS) expect(placed[claimCell(verdict)]).toBe(`claim-${verdict}`);
    }
  });
});

describe("geometry", () => {
  it("goes a kilometre north by a degree's 111th part", () => {
    const [lon, lat] = offset(10, 45, 0, 1000);
    expect(lon).toBe(10);
    expect(lat).toBeCloseTo(45 + 1 / 111.32, 9);
  });

  it("closes a sector through its middle and runs it clockwise over north", () => {
    const ring = sector(0, 0, 100, 300, 60);
    expect(ring[0]).toEqual([0, 0]);
    expect(ring.at(-1)).toEqual([0, 0]);
    expect(Math.max(...ring.map((p) => p[1])) / degreesPerMetre(0).lat).toBeCloseTo(100, 0);
    expect(ring[1]![0]).toBeLessThan(0);
  });

  it("fits a footprint into its picture", () => {
    const square = (m: number): [number, number][] => [[-m, -m], [m, -m], [m, m], [-m, m]].map(([e, n]) => offset(0, 0, e!, n!));
    const drawing = drawFootprint([{ percent: 50, polygon: square(50) }, { percent: 95, polygon: square(100) }], null, degreesPerMetre(0))!;
    expect(drawing.contours.map((c) => c.percent)).toEqual([95, 50]);
    const numbers = drawing.contours[0]!.path.match(/[\d.]+/g)!.map(Number);
    const xs = numbers.filter((_, i) => i % 2 === 0);
    expect(Math.min(...xs)).toBeGreaterThan(0);
    expect(Math.max(...xs)).toBeLessThan(160);
    expect(drawFootprint([], null, degreesPerMetre(0))).toBeNull();
  });
});

it("keeps the same blanks to fill in every language", () => {
  const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const catalogue of [ar, fr]) {
    for (const key of Object.keys(en) as (keyof typeof en)[]) expect([key, blanks(catalogue[key])]).toEqual([key, blanks(en[key])]);
  }
});
