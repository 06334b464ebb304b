/** What a picture costs the page, for the benchmark to read as `window.__skykeep.perf`. */

const KEPT = 600;
const kept_ms: number[] = [];

export const perf = {
  updates: 0,
  last_ms: 0,
  get mean_ms(): number {
    return kept_ms.length === 0 ? 0 : kept_ms.reduce((sum, ms) => sum + ms, 0) / kept_ms.length;
  },
  get p95_ms(): number {
    if (kept_ms.length === 0) return 0;
    const sorted = [...kept_ms].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? 0;
  },
};

export function recordUpdate(spent_ms: number): void {
  perf.updates++;
  perf.last_ms = spent_ms;
  kept_ms.push(spent_ms);
  if (kept_ms.length > KEPT) kept_ms.shift();
}
