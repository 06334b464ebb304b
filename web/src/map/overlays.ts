/** What the site and the decisions put on the ground, as GeoJSON for the map style. Pure functions. */
import type { Asset, Option, Sensor, Site, Zone } from "../protocol/messages";
import { closed, offset, sector } from "./geometry";

type Feature = { type: "Feature"; properties: Record<string, string | number>; geometry: object };
export type Features = { type: "FeatureCollection"; features: Feature[] };

const feature = (geometry: object, properties: Record<string, string | number>): Feature =>
  ({ type: "Feature", properties, geometry });
const polygon = (ring: readonly (readonly number[])[]) => ({ type: "Polygon", coordinates: [ring] });
const line = (points: readonly (readonly number[])[]) => ({ type: "LineString", coordinates: points });
const point = (lon: number, lat: number) => ({ type: "Point", coordinates: [lon, lat] });
export const collection = (features: Feature[]): Features => ({ type: "FeatureCollection", features });

/** "0–120 m AGL": what a zone label says under its name. */
export function zoneHeights(zone: Zone): string {
  return `${Math.round(zone.floor_m)}–${Math.round(zone.ceiling_m)} m ${zone.reference}`;
}

export function zoneFeatures(zones: Zone[]): Features {
  return collection(zones.flatMap((zone) => {
    const ring = closed(zone.polygon);
    const north = ring.reduce((best, p) => (p[1] > best[1] ? p : best), ring[0] ?? [0, 0]);
    return [
      feature(polygon(ring), { kind: zone.kind }),
      feature(point(north[0], north[1]), { kind: zone.kind, label: `${zone.name}\n${zoneHeights(zone)}` }),
    ];
  }));
}

export function assetFeatures(assets: Asset[]): Features {
  return collection(assets.flatMap((asset) => [
    ...asset.rings.map((ring, i) =>
      feature(line(sector(asset.lon_deg, asset.lat_deg, ring.radius_m)), { part: "ring", inner: i === 0 ? 1 : 0 })),
    ...asset.rings.map((ring) => {
      const [lon, lat] = offset(asset.lon_deg, asset.lat_deg, 0, -ring.radius_m);
      return feature(point(lon, lat), { part: "ring_label", label: `${ring.name} ${Math.round(ring.radius_m)} m` });
    }),
    ...(asset.footprint ? [feature(polygon(closed(asset.footprint)), { part: "footprint" })] : []),
    feature(point(asset.lon_deg, asset.lat_deg), { part: "asset", label: asset.name, kind: asset.kind }),
  ]));
}

export function coverageFeatures(sensors: Sensor[]): Features {
  return collection(sensors.filter((sensor) => sensor.range_m > 0).map((sensor) =>
    feature(
      polygon(closed(sector(sensor.lon_deg, sensor.lat_deg, sensor.range_m, sensor.azimuth_from_deg, sensor.azimuth_to_deg))),
      { kind: sensor.kind },
    )));
}

export function sensorFeatures(sensors: Sensor[]): Features {
  return collection(sensors.map((sensor) =>
    feature(point(sensor.lon_deg, sensor.lat_deg), { label: sensor.name, kind: sensor.kind })));
}

export function debrisFeatures(option: Option | null): Features {
  if (option === null) return collection([]);
  return collection([...option.debris].sort((a, b) => b.percent - a.percent).flatMap((contour) => {
    const ring = closed(contour.polygon);
    const east = ring.reduce((best, p) => (p[0] > best[0] ? p : best), ring[0] ?? [0, 0]);
    return [
      feature(polygon(ring), { percent: contour.percent }),
      feature(point(east[0], east[1]), { label: `${contour.percent} %` }),
    ];
  }));
}

/** How far out the view must reach to hold what is guarded: the outermost ring of the assets, in metres. */
export function guardedRadius_m(site: Site): number {
  return Math.max(600, ...site.assets.flatMap((asset) => asset.rings.map((ring) => ring.radius_m)));
}
