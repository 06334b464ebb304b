/** Small-scale geometry on the map: good to a metre over tens of kilometres, which is all that is drawn with it. */
import type { LonLat } from "../protocol/messages";
import type { Shape } from "./view";

const METRES_PER_DEGREE = 111_320;

export interface Scale { lon: number; lat: number }

/** Degrees per metre at a latitude. */
export function degreesPerMetre(lat_deg: number): Scale {
  return { lon: 1 / (METRES_PER_DEGREE * Math.cos((lat_deg * Math.PI) / 180)), lat: 1 / METRES_PER_DEGREE };
}

export function offset(lon: number, lat: number, east_m: number, north_m: number): LonLat {
  const scale = degreesPerMetre(lat);
  return [lon + east_m * scale.lon, lat + north_m * scale.lat];
}

/** A ring of points at `radius_m`, clockwise from `from_deg` to `to_deg`; a sector closes through its middle. */
export function sector(lon: number, lat: number, radius_m: number, from_deg = 0, to_deg = 360): LonLat[] {
  const width = to_deg - from_deg <= 0 ? to_deg - from_deg + 360 : to_deg - from_deg;
  const whole = width >= 359.5;
  const steps = Math.max(8, Math.ceil(width / 4));
  const ring: LonLat[] = whole ? [] : [[lon, lat]];
  for (let i = 0; i <= steps; i++) {
    const at = ((from_deg + (width * i) / steps) * Math.PI) / 180;
    ring.push(offset(lon, lat, radius_m * Math.sin(at), radius_m * Math.cos(at)));
  }
  if (!whole) ring.push([lon, lat]);
  return ring;
}

export function closed(ring: LonLat[]): LonLat[] {
  const first = ring[0];
  const last = ring.at(-1);
  return first === undefined || last === undefined || (first[0] === last[0] && first[1] === last[1]) ? ring : [...ring, first];
}

export function centroid(ring: LonLat[]): LonLat {
  let lon = 0;
  let lat = 0;
  for (const point of ring) {
    lon += point[0];
    lat += point[1];
  }
  return [lon / Math.max(1, ring.length), lat / Math.max(1, ring.length)];
}

/** The corners of a shape, the first not repeated; a circle has as many as asked for. */
export function ringOf(shape: Shape, corners = 64): LonLat[] {
  if (shape.kind === "polygon") return shape.ring;
  return Array.from({ length: corners }, (_, i) => {
    const at = (2 * Math.PI * i) / corners;
    return offset(shape.lon, shape.lat, shape.radius_m * Math.sin(at), shape.radius_m * Math.cos(at));
  });
}

/** Metres between two near points. */
export function apart_m(a: LonLat, b: LonLat): number {
  const scale = degreesPerMetre((a[1] + b[1]) / 2);
  return Math.hypot((a[0] - b[0]) / scale.lon, (a[1] - b[1]) / scale.lat);
}

/** What a drawn ring is: six digits of a degree for its corners, or a centre and whole metres where it is a circle. */
export function shapeOfRing(kind: Shape["kind"], drawn: LonLat[]): Shape {
  const first = drawn[0];
  const last = drawn.at(-1);
  const open = first !== undefined && last !== undefined && first[0] === last[0] && first[1] === last[1] ? drawn.slice(0, -1) : drawn;
  if (kind === "polygon") return { kind, ring: open.map(([lon, lat]): LonLat => [round6(lon), round6(lat)]) };
  const middle = centroid(open);
  const radius_m = open.reduce((sum, corner) => sum + apart_m(middle, corner), 0) / Math.max(1, open.length);
  return { kind, lon: round6(middle[0]), lat: round6(middle[1]), radius_m: Math.max(1, Math.round(radius_m)) };
}

const round6 = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;
