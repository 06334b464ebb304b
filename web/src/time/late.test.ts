import { describe, expect, it } from "vitest";

import type { Caption } from "../protocol/messages";
import { cameLater, knownBy } from "./late";

const told = (time_utc_ns: number, about_utc_ns: number | null = null): Caption => ({
  type: "caption", time_utc_ns, text: "a bang", kind: "event", about_utc_ns,
});

describe("as known then", () => {
  const captions = [told(10), told(20), told(30, 12), told(40, 35), told(50)];

  it("holds what had been told by then", () => {
    expect(knownBy(captions, 20)).toEqual(captions.slice(0, 2));
  });

  it("sets apart what was told later about that moment or before", () => {
    expect(cameLater(captions, 20)).toEqual([captions[2]]);
    expect(cameLater(captions, 11)).toEqual([]);
    expect(cameLater(captions, 30)).toEqual([]);
    expect(cameLater(captions, 36)).toEqual([captions[3]]);
  });
});
