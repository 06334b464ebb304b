/** The one sentence that says why an alert stands, in the words of its factors. */
import type { Key } from "../i18n/en";
import type { Factors } from "../protocol/messages";

export const FACTOR_NAMES = ["unauthorised", "aims_at_asset", "breach_before_response", "consequence"] as const;
export type FactorName = (typeof FACTOR_NAMES)[number];

/** From here on it is said as it is, from there on as likely, below as doubtful. */
const SURE = 0.8;
const LIKELY = 0.5;

function degree(value: number): "sure" | "likely" | "doubtful" {
  return value >= SURE ? "sure" : value >= LIKELY ? "likely" : "doubtful";
}

/** The keys of the sentence's three parts: may it fly here, is it coming, is there time. */
export function whyParts(factors: Factors): [Key, Key, Key] {
  return [
    `why_leave_${degree(factors.unauthorised)}`,
    `why_aims_${degree(factors.aims_at_asset)}`,
    `why_time_${degree(factors.breach_before_response)}`,
  ];
}

/** What the four numbers make together: the priority. */
export function product(factors: Factors): number {
  return FACTOR_NAMES.reduce((whole, name) => whole * factors[name], 1);
}
