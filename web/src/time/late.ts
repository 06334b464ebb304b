/** What was known at a past moment, and what of the rest is about it. All of it pure. */

import type { Caption } from "../protocol/messages";

/** Lines that had been told by then. */
export function knownBy(captions: readonly Caption[], at_utc_ns: number): Caption[] {
  return captions.filter((caption) => caption.time_utc_ns <= at_utc_ns);
}

/** Lines that were told afterwards although what they tell of had happened by then. */
export function cameLater(captions: readonly Caption[], at_utc_ns: number): Caption[] {
  return captions.filter(
    (caption) => caption.time_utc_ns > at_utc_ns && caption.about_utc_ns != null && caption.about_utc_ns <= at_utc_ns,
  );
}
