/** What the site and the decisions put on the ground, as GeoJSON for the map style. Pure functions. */
import type { Asset, LonLat, Sensor, Site, Zone } from "../protocol/messages";
import { closed, offset, sector } from "./geometry";

type Feature = { type: "Feature"; properties: Record<string, string | number>; geometry: object };
export type Features = { type: "FeatureCollection"; features: Feature[] };

const feature = (geometry: object, properties: Record<string, string | number>): Feature =>
  ({ type: "Feature", properties, geometry });
const polygon = (rings: readonly (readonly (readonly number[])[])[]) => ({ type: "Polygon", coordinates: rings });
const line = (points: readonly (readonly number[])[]) => ({ type: "LineString", coordinates: points });
const point = (lon: number, lat: number) => ({ type: "Point", coordinates: [lon, lat] });
export const collection = (features: Feature[]): Features => ({ type: "FeatureCollection", features });

/** "0–120 m AGL": what a zone label says under its name. */
export function zoneHeights(zone: Zone): string {
  const ceiling = zone.ceiling_m >= NO_CEILING_M ? "∞" : Math.round(zone.ceiling_m);
  return `${Math.round(zone.floor_m)}–${ceiling} m ${zone.reference}`;
}

/** All rings of a zone, a list of rings for each of its volumes. */
export function zoneRings(zone: Zone): LonLat[][][] {
  return zone.volumes?.length ? zone.volumes.map((volume) => volume.rings) : [[zone.polygon]];
}

const NO_CEILING_M = 99_999;

export function scopeFeatures(rings: LonLat[][]): Features {
  return collection(rings.map((ring) => feature(polygon([closed(ring)]), {})));
}

export function zoneFeatures(zones: Zone[]): Features {
  return collection(zones.flatMap((zone) => {
    const ring = closed(zone.polygon);
    const state = zone.in_force === false ? "waiting" : "in_force";
    const north = ring.reduce((best, p) => (p[1] > best[1] ? p : best), ring[0] ?? [0, 0]);
    return [
      ...zoneRings(zone).map((rings) => feature(polygon(rings.map(closed)), { kind: zone.kind, state })),
      feature(point(north[0], north[1]), { kind: zone.kind, label: `${zone.name}\n${zoneHeights(zone)}` }),
    ];
  }));
}

/** All rings but the innermost, which is drawn over the buildings (groundMarks.ts). */
function outerRings(asset: Asset) {
  const inner = Math.min(...asset.rings.map((ring) => ring.radius_m));
  return asset.rings.filter((ring) => ring.radius_m > inner);
}

export function assetFeatures(assets: Asset[]): Features {
  return collection(assets.flatMap((asset) => [
    ...outerRings(asset).map((ring) => feature(line(sector(asset.lon_deg, asset.lat_deg, ring.radius_m)), { part: "ring" })),
    ...asset.rings.map((ring) => {
      const [lon, lat] = offset(asset.lon_deg, asset.lat_deg, 0, -ring.radius_m);
      return feature(point(lon, lat), { part: "ring_label", label: `${ring.name} ${Math.round(ring.radius_m)} m` });
    }),
    ...(asset.footprint ? [feature(polygon([closed(asset.footprint)]), { part: "footprint" })] : []),
    feature(point(asset.lon_deg, asset.lat_deg), { part: "asset", label: asset.name, kind: asset.kind }),
  ]));
}

export function coverageFeatures(sensors: Sensor[]): Features {
  return collection(sensors.filter((sensor) => sensor.range_m > 0).map((sensor) =>
    feature(
      polygon([closed(sector(sensor.lon_deg, sensor.lat_deg, sensor.range_m, sensor.azimuth_from_deg, sensor.azimuth_to_deg))]),
      { kind: sensor.kind },
    )));
}

export function sensorFeatures(sensors: Sensor[]): Features {
  return collection(sensors.map((sensor) =>
    feature(point(sensor.lon_deg, sensor.lat_deg), { label: sensor.name, kind: sensor.kind })));
}

/** How far out the first view must reach, in metres: somewhat beyond the outermost ring of the first asset,
 * or, where there is nothing to guard, as far as the site says there is something to see. */
export function guardedRadius_m(site: Site): number {
  if (site.assets.length === 0 && site.extent_m) return 1.2 * site.extent_m;
  return 1.35 * Math.max(1500, ...(site.assets[0]?.rings ?? []).map((ring) => ring.radius_m));
}
