/**
 * Everything on the map that is a line above the ground, as one buffer of segments for one deck.gl layer: course
 * vectors, trails, altitude stems and uncertainty ellipses. No object per track or per segment.
 */
import { TRAIL_POINTS, type TrackStore } from "../picture/store";
import { degreesPerMetre } from "./geometry";
import type { Rgb } from "./palette";

export class SegmentBuffer {
  count = 0;
  private capacity = 4096;
  private from = new Float64Array(this.capacity * 3);
  private to = new Float64Array(this.capacity * 3);
  private rgba = new Uint8Array(this.capacity * 4);
  private width = new Float32Array(this.capacity);

  clear(): void {
    this.count = 0;
  }

  add(
    lon1: number, lat1: number, z1_m: number, lon2: number, lat2: number, z2_m: number,
    color: Rgb, alpha: number, width_px: number,
  ): void {
    if (this.count === this.capacity) this.grow();
    const at = this.count++;
    const { from, to, rgba } = this;
    from[at * 3] = lon1;
    from[at * 3 + 1] = lat1;
    from[at * 3 + 2] = z1_m;
    to[at * 3] = lon2;
    to[at * 3 + 1] = lat2;
    to[at * 3 + 2] = z2_m;
    rgba[at * 4] = color[0];
    rgba[at * 4 + 1] = color[1];
    rgba[at * 4 + 2] = color[2];
    rgba[at * 4 + 3] = alpha;
    this.width[at] = width_px;
  }

  /** deck.gl's binary data. New views each time: deck.gl compares identities to know what changed. */
  data() {
    const n = this.count;
    return {
      length: n,
      attributes: {
        getSourcePosition: { value: this.from.subarray(0, n * 3), size: 3 },
        getTargetPosition: { value: this.to.subarray(0, n * 3), size: 3 },
        getColor: { value: this.rgba.subarray(0, n * 4), size: 4, normalized: true },
        getWidth: { value: this.width.subarray(0, n), size: 1 },
      },
    };
  }

  private grow(): void {
    this.capacity *= 2;
    const widen = <A extends Float64Array | Uint8Array | Float32Array>(old: A, wider: A): A => (wider.set(old), wider);
    this.from = widen(this.from, new Float64Array(this.capacity * 3));
    this.to = widen(this.to, new Float64Array(this.capacity * 3));
    this.rgba = widen(this.rgba, new Uint8Array(this.capacity * 4));
    this.width = widen(this.width, new Float32Array(this.capacity));
  }
}

/** A course vector reaches as far as the track flies in this time. */
const VECTOR_S = 15;
const ELLIPSE_SIDES = 20;
/** Drawn at two sigma. */
const ELLIPSE_SIGMAS = 2;

export interface Drawing {
  store: TrackStore;
  /** The rows that get trails, stems and ellipses. */
  rows: Int32Array;
  /** Colour by standing index of the server's table. */
  colors: readonly Rgb[];
  /** Taken from heights above the ellipsoid to get the map's own z. */
  datum_m: number;
  ground_m: (lon: number, lat: number) => number;
  selected: number;
  trails: boolean;
}

const ELLIPSE_COS = Float64Array.from({ length: ELLIPSE_SIDES + 1 }, (_, i) => Math.cos((2 * Math.PI * i) / ELLIPSE_SIDES));
const ELLIPSE_SIN = Float64Array.from({ length: ELLIPSE_SIDES + 1 }, (_, i) => Math.sin((2 * Math.PI * i) / ELLIPSE_SIDES));
const GREY: Rgb = [140, 140, 140];

export function drawTracks(buffer: SegmentBuffer, drawing: Drawing): void {
  buffer.clear();
  for (let i = drawing.rows.length - 1; i >= 0; i--) {
    const row = drawing.rows[i]!;
    if (drawing.trails) addTrail(buffer, drawing, row);
    addStem(buffer, drawing, row);
    addEllipse(buffer, drawing, row);
  }
  addVectors(buffer, drawing);
}

function colorOf(drawing: Drawing, row: number): Rgb {
  return drawing.colors[drawing.store.columns.standing_index[row]!] ?? GREY;
}

function addVectors(buffer: SegmentBuffer, drawing: Drawing): void {
  const { lon_e7, lat_e7, height_dm, course_cdeg, speed_cmps, climb_cmps } = drawing.store.columns;
  const scale = degreesPerMetre((lat_e7[0] ?? 0) / 1e7);
  for (let row = 0; row < drawing.store.count; row++) {
    const speed_mps = speed_cmps[row]! / 100;
    if (speed_mps < 0.5) continue;
    const course_rad = (course_cdeg[row]! * Math.PI) / 18000;
    const lon = lon_e7[row]! / 1e7;
    const lat = lat_e7[row]! / 1e7;
    const z_m = height_dm[row]! / 10 - drawing.datum_m;
    const reach_m = speed_mps * VECTOR_S;
    buffer.add(
      lon, lat, z_m,
      lon + reach_m * Math.sin(course_rad) * scale.lon, lat + reach_m * Math.cos(course_rad) * scale.lat,
      z_m + (climb_cmps[row]! / 100) * VECTOR_S,
      colorOf(drawing, row), 235, 1.8,
    );
  }
}

function addTrail(buffer: SegmentBuffer, drawing: Drawing, row: number): void {
  const { trail, trailLength, trailHead, columns } = drawing.store;
  const length = trailLength[row]!;
  const head = trailHead[row]!;
  const base = row * TRAIL_POINTS;
  const color = colorOf(drawing, row);
  const width_px = columns.id[row] === drawing.selected ? 2.6 : 1.6;
  let previous = -1;
  for (let k = 0; k < length; k++) {
    const at = (base + ((head - length + k + TRAIL_POINTS) % TRAIL_POINTS)) * 3;
    if (previous >= 0) {
      buffer.add(
        trail[previous]! / 1e7, trail[previous + 1]! / 1e7, trail[previous + 2]! / 10 - drawing.datum_m,
        trail[at]! / 1e7, trail[at + 1]! / 1e7, trail[at + 2]! / 10 - drawing.datum_m,
        color, 30 + (170 * k) / length, width_px,
      );
    }
    previous = at;
  }
}

function addStem(buffer: SegmentBuffer, drawing: Drawing, row: number): void {
  const { lon_e7, lat_e7, height_dm, id } = drawing.store.columns;
  const lon = lon_e7[row]! / 1e7;
  const lat = lat_e7[row]! / 1e7;
  const alpha = id[row] === drawing.selected ? 230 : 110;
  buffer.add(lon, lat, drawing.ground_m(lon, lat), lon, lat, height_dm[row]! / 10 - drawing.datum_m, colorOf(drawing, row), alpha, 1);
}

function addEllipse(buffer: SegmentBuffer, drawing: Drawing, row: number): void {
  const { lon_e7, lat_e7, height_dm, sigma_major_dm, sigma_minor_dm, sigma_bearing_deg } = drawing.store.columns;
  const major_m = (sigma_major_dm[row]! / 10) * ELLIPSE_SIGMAS;
  if (major_m < 1) return;
  const minor_m = (sigma_minor_dm[row]! / 10) * ELLIPSE_SIGMAS;
  const bearing_rad = (sigma_bearing_deg[row]! * Math.PI) / 180;
  const east = Math.sin(bearing_rad);
  const north = Math.cos(bearing_rad);
  const lon = lon_e7[row]! / 1e7;
  const lat = lat_e7[row]! / 1e7;
  const z_m = height_dm[row]! / 10 - drawing.datum_m;
  const scale = degreesPerMetre(lat);
  const color = colorOf(drawing, row);
  let lonBefore = 0;
  let latBefore = 0;
  for (let k = 0; k <= ELLIPSE_SIDES; k++) {
    const along_m = major_m * ELLIPSE_COS[k]!;
    const across_m = minor_m * ELLIPSE_SIN[k]!;
    const lonHere = lon + (along_m * east + across_m * north) * scale.lon;
    const latHere = lat + (along_m * north - across_m * east) * scale.lat;
    if (k > 0) buffer.add(lonBefore, latBefore, z_m, lonHere, latHere, z_m, color, 120, 1);
    lonBefore = lonHere;
    latBefore = latHere;
  }
}
