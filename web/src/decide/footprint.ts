/** A debris footprint as a small drawing: contours fitted to 160 x 96 px, north up, with a bar of round length. */
import type { DebrisContour } from "../protocol/messages";
import type { Scale } from "../map/geometry";

const WIDTH = 160;
const HEIGHT = 96;
const MARGIN = 12;
const BARS_M = [10, 20, 50, 100, 200, 500, 1000, 2000];

export interface FootprintDrawing {
  contours: { percent: number; path: string }[];
  asset: [number, number] | null;
  bar_px: number;
  bar_m: number;
}

export function drawFootprint(
  debris: DebrisContour[], asset: { lon_deg: number; lat_deg: number } | null, scale: Scale,
): FootprintDrawing | null {
  const points = debris.flatMap((contour) => contour.polygon);
  if (points.length === 0) return null;
  const lons = points.map((p) => p[0]);
  const lats = points.map((p) => p[1]);
  const west = Math.min(...lons);
  const north = Math.max(...lats);
  const wide_m = Math.max(1, (Math.max(...lons) - west) / scale.lon);
  const high_m = Math.max(1, (north - Math.min(...lats)) / scale.lat);
  const perMetre = Math.min((WIDTH - 2 * MARGIN) / wide_m, (HEIGHT - 2 * MARGIN) / high_m);
  const left = (WIDTH - wide_m * perMetre) / 2;
  const top = (HEIGHT - high_m * perMetre) / 2 - 2;
  const at = (lon: number, lat: number): [number, number] => [
    left + ((lon - west) / scale.lon) * perMetre, top + ((north - lat) / scale.lat) * perMetre];
  const path = (ring: readonly (readonly [number, number])[]) =>
    `M${ring.map(([lon, lat]) => at(lon, lat).map((v) => v.toFixed(1)).join(",")).join("L")}Z`;
  const place = asset === null ? null : at(asset.lon_deg, asset.lat_deg);
  const inside = place !== null && place[0] > 2 && place[1] > 2 && place[0] < WIDTH - 2 && place[1] < HEIGHT - 12;
  const bar_m = [...BARS_M].reverse().find((m) => m * perMetre < WIDTH * 0.4) ?? BARS_M[0]!;
  return {
    contours: [...debris].sort((a, b) => b.percent - a.percent).map((c) => ({ percent: c.percent, path: path(c.polygon) })),
    asset: inside ? place : null,
    bar_px: Math.round(bar_m * perMetre),
    bar_m,
  };
}
