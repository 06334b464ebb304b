/** How times, spans and numbers are written. All of it pure, in Latin digits, the unit always said. */

const NS_PER_S = 1e9;

/** UTC time of day, "02:14:07". */
export function clockUtc(time_utc_ns: number): string {
  return new Date(time_utc_ns / 1e6).toISOString().slice(11, 19);
}

export function dateUtc(time_utc_ns: number): string {
  return new Date(time_utc_ns / 1e6).toISOString().slice(0, 10);
}

/** A span as "1:05" or "1:02:05". Less than nothing is "0:00": a clock that has run out stays there. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  const s = String(whole % 60).padStart(2, "0");
  return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
}

/** What is left of an interval counted from `from_utc_ns`, at `now_utc_ns`, in seconds. */
export function remaining(
  interval_s: readonly [number, number, number], from_utc_ns: number, now_utc_ns: number,
): [number, number, number] {
  const gone_s = (now_utc_ns - from_utc_ns) / NS_PER_S;
  return [interval_s[0] - gone_s, interval_s[1] - gone_s, interval_s[2] - gone_s];
}

export function secondsUntil(then_utc_ns: number, now_utc_ns: number): number {
  return (then_utc_ns - now_utc_ns) / NS_PER_S;
}

/** Expected persons, to two figures that mean something: "0.012", "1.4", "23". Nothing below 0.001 is promised. */
export function persons(expected: number | null): string {
  if (expected === null || !Number.isFinite(expected)) return "?";
  if (expected < 0.001) return "< 0.001";
  if (expected < 1) return String(Number(expected.toPrecision(2)));
  return expected < 10 ? expected.toFixed(1) : expected.toFixed(0);
}

/** How far off an expectation may be, " ± 0.004", to one figure; nothing where it is not known or drowns. */
export function personsError(expected: number | null, error: number | null | undefined): string {
  if (expected === null || expected < 0.001 || typeof error !== "number" || !(error > 0)) return "";
  return ` ± ${error < 0.001 ? "0.001" : Number(error.toPrecision(1))}`;
}

export function percent(value: number): string {
  return `${Math.round(value)} %`;
}

export function metres(value_m: number): string {
  const size = Math.abs(value_m);
  if (size >= 10_000) return `${(value_m / 1000).toFixed(1)} km`;
  return `${Math.round(value_m)} m`;
}

/** Three-figure bearing, "007°"; 360 is written 000. */
export function bearing(degrees: number): string {
  return `${String(Math.round(degrees) % 360).padStart(3, "0")}°`;
}

export function grouped(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
