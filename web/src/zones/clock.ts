/** Times of a place as they are typed in: "2026-06-01T18:30" on the clock of an IANA time zone. */

const NS_PER_MS = 1e6;
const DAY_MS = 86_400_000;

/** What the clock of a zone shows at a moment, to the minute. */
export function localText(time_utc_ns: number, zone: string): string {
  return new Date(time_utc_ns / NS_PER_MS + offset_ms(time_utc_ns / NS_PER_MS, zone)).toISOString().slice(0, 16);
}

/**
 * The moment at which the clock of a zone shows that, in nanoseconds as a decimal text; null where it never does.
 * Of an hour that comes twice it is the first, or the second where `last` is asked for.
 */
export function utcOfLocal(text: string, zone: string, last = false): string | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return null;
  const shown_ms = Date.parse(`${text}Z`);
  if (Number.isNaN(shown_ms)) return null;
  // Clocks change at most once in two days: the offset is that of the day before or of the day after.
  const found = [-DAY_MS, DAY_MS]
    .map((by_ms) => shown_ms - offset_ms(shown_ms + by_ms, zone))
    .filter((utc_ms) => utc_ms + offset_ms(utc_ms, zone) === shown_ms);
  return found.length === 0 ? null : `${last ? Math.max(...found) : Math.min(...found)}000000`;
}

function offset_ms(utc_ms: number, zone: string): number {
  const whole_ms = Math.floor(utc_ms / 1000) * 1000;
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  }).formatToParts(whole_ms);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) - whole_ms;
}

/** Seconds of day of "18:30"; null for nothing, NaN for what is no time of day. */
export function secondsOfDay(text: string): number | null {
  if (text === "") return null;
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match === null ? NaN : Number(match[1]) * 3600 + Number(match[2]) * 60;
}

export function timeOfDay(second: number | null): string {
  if (second === null) return "";
  return `${String(Math.floor(second / 3600) % 24).padStart(2, "0")}:${String(Math.floor(second / 60) % 60).padStart(2, "0")}`;
}
