/** How long a word given by hand is good for: nought is until somebody takes it back. */
export const HOURS = [0, 1, 2, 4, 8, 12, 24] as const;

/** The moment so many hours from now in nanoseconds, null for no end. */
export function untilAfter(hours: number, now_utc_ns: number): number | null {
  return hours === 0 ? null : now_utc_ns + hours * 3600e9;
}
