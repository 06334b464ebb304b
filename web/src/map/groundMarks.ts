/**
 * What must be seen over the buildings though it lies on the ground: the debris of the chosen option and the inner
 * rings of the assets. The map's own ground layers would hide behind the roofs of a town seen aslant.
 */
import type { Asset, LonLat, Option } from "../protocol/messages";
import { closed, sector } from "./geometry";
import type { Rgb } from "./palette";
import type { SegmentBuffer } from "./segments";

export interface GroundFill { polygon: [number, number, number][]; color: [number, number, number, number] }
type Ground = (lon: number, lat: number) => number;

const ABOVE_GROUND_M = 2;
const ALPHA: Record<number, number> = { 50: 120, 95: 66, 99: 40 };

const lifted = (ring: LonLat[], ground_m: Ground): [number, number, number][] =>
  ring.map(([lon, lat]) => [lon, lat, ground_m(lon, lat) + ABOVE_GROUND_M]);

export function debrisFills(option: Option | null, color: Rgb, ground_m: Ground): GroundFill[] {
  return [...(option?.debris ?? [])].sort((a, b) => b.percent - a.percent).map((contour) => ({
    polygon: lifted(closed(contour.polygon), ground_m),
    color: [...color, ALPHA[contour.percent] ?? 50],
  }));
}

function addRing(buffer: SegmentBuffer, points: [number, number, number][], color: Rgb, alpha: number, width_px: number, dashed: boolean): void {
  for (let i = 1; i < points.length; i++) {
    if (dashed && i % 2 === 0) continue;
    const a = points[i - 1]!;
    const b = points[i]!;
    buffer.add(a[0], a[1], a[2], b[0], b[1], b[2], color, alpha, width_px);
  }
}

export function groundLines(
  buffer: SegmentBuffer, assets: Asset[], option: Option | null, ring: Rgb, debris: Rgb, ground_m: Ground,
): void {
  buffer.clear();
  for (const asset of assets) {
    const inner = asset.rings.reduce((least, it) => Math.min(least, it.radius_m), Infinity);
    if (Number.isFinite(inner)) addRing(buffer, lifted(sector(asset.lon_deg, asset.lat_deg, inner), ground_m), ring, 220, 1.6, true);
  }
  for (const contour of option?.debris ?? []) {
    addRing(buffer, lifted(closed(contour.polygon), ground_m), debris, contour.percent === 50 ? 255 : 190, contour.percent === 50 ? 2 : 1.2, false);
  }
}

/** Where the words "95 % of debris" go: the easternmost point of the contour that holds so much. */
export function debrisLabelPlace(option: Option | null): LonLat | null {
  const contour = option?.debris.find((it) => it.percent === 95) ?? option?.debris[0];
  const ring = contour?.polygon ?? [];
  return ring.reduce<LonLat | null>((best, p) => (best === null || p[0] > best[0] ? p : best), null);
}
