import { describe, expect, it } from "vitest";
import { product, whyParts } from "./words";

const factors = { unauthorised: 0.96, aims_at_asset: 0.6, breach_before_response: 0.3, consequence: 1 };

describe("the why-line", () => {
  it("says each part as surely as its number", () => {
    expect(whyParts(factors)).toEqual(["why_leave_sure", "why_aims_likely", "why_time_doubtful"]);
  });
  it("says nothing surely below its bound", () => {
    expect(whyParts({ ...factors, unauthorised: 0.799 })[0]).toBe("why_leave_likely");
    expect(whyParts({ ...factors, unauthorised: 0.8 })[0]).toBe("why_leave_sure");
  });
});

it("multiplies the four numbers", () => {
  expect(product(factors)).toBeCloseTo(0.1728, 6);
});
