/** The map's style: the layers of docs/map_schema.md in drawing order, then the site's own overlays. */
import type { StyleSpecification, LayerSpecification, ExpressionSpecification, SourceSpecification } from "maplibre-gl";
import type { LonLat, Site } from "../protocol/messages";
import type { MapPalette } from "./palette";
import {
  assetFeatures, coverageFeatures, scopeFeatures, sensorFeatures, zoneFeatures, type Features,
} from "./overlays";

const FONT = ["sans-serif"];

export interface StyleInputs { site: Site; palette: MapPalette; coverage: boolean; zones: boolean; scope: LonLat[][] }

const widthByZoom = (low: number, high: number): ExpressionSpecification =>
  ["interpolate", ["exponential", 1.5], ["zoom"], 10, low, 18, high];

const ROAD_WIDTH: Record<string, [number, number]> = {
  path: [0.2, 3], service: [0.2, 6], street: [0.3, 12], tertiary: [0.5, 16], secondary: [0.8, 20],
  primary: [1.1, 24], motorway: [1.4, 28],
};

function roadLayers(palette: MapPalette): LayerSpecification[] {
  const base = { type: "line", source: "world", "source-layer": "roads" } as const;
  const layers: LayerSpecification[] = [];
  for (const bridge of [false, true]) {
    const onBridge: ExpressionSpecification = bridge ? ["==", ["get", "bridge"], 1] : ["!=", ["get", "bridge"], 1];
    for (const [name, [low, high]] of Object.entries(ROAD_WIDTH)) {
      const major = ["primary", "motorway", "secondary"].includes(name);
      const filter: ExpressionSpecification = ["all", ["==", ["get", "class"], name], onBridge];
      if (major || bridge) {
        layers.push({
          ...base, id: `road-${name}${bridge ? "-bridge" : ""}-casing`, filter, minzoom: 11,
          paint: { "line-color": palette.roadCasing, "line-width": widthByZoom(low + 1, high + 4) },
          layout: { "line-join": "round" },
        });
      }
      layers.push({
        ...base, id: `road-${name}${bridge ? "-bridge" : ""}`, filter, minzoom: major ? 9 : name === "tertiary" ? 11 : 12.5,
        paint: {
          "line-color": major ? palette.roadMajor : palette.road,
          "line-width": widthByZoom(low, high),
          "line-opacity": ["case", ["==", ["get", "tunnel"], 1], 0.4, 1],
        },
        layout: { "line-cap": "round", "line-join": "round" },
      });
    }
  }
  layers.push({
    ...base, id: "rail", filter: ["==", ["get", "class"], "rail"], minzoom: 11,
    paint: { "line-color": palette.rail, "line-width": widthByZoom(0.6, 4), "line-dasharray": [4, 2] },
  });
  return layers;
}

function groundLayers(palette: MapPalette, terrain: boolean): LayerSpecification[] {
  const landuse = (id: string, kinds: string[], color: string): LayerSpecification => ({
    id: `landuse-${id}`, type: "fill", source: "world", "source-layer": "landuse",
    filter: ["in", ["get", "kind"], ["literal", kinds]], paint: { "fill-color": color },
  });
  const hills: LayerSpecification[] = terrain ? [{
    id: "hills", type: "hillshade", source: "hills",
    paint: {
      "hillshade-shadow-color": palette.hillShadow, "hillshade-highlight-color": palette.hillLight,
      "hillshade-accent-color": palette.hillShadow, "hillshade-exaggeration": 0.35,
    },
  }] : [];
  return [
    { id: "land", type: "background", paint: { "background-color": palette.land } },
    landuse("urban", ["residential", "commercial", "institution"], palette.urban),
    landuse("old", ["old_town"], palette.oldTown),
    landuse("industrial", ["industrial", "port", "airport", "apron"], palette.industrial),
    landuse("rock", ["rock"], palette.rock),
    landuse("beach", ["beach"], palette.beach),
    landuse("square", ["square", "stadium"], palette.square),
    landuse("farm", ["farmland"], palette.land),
    {
      id: "parks", type: "fill", source: "world", "source-layer": "parks",
      paint: { "fill-color": ["match", ["get", "kind"], ["wood", "scrub"], palette.wood, palette.green] },
    },
    ...hills,
    {
      id: "contours", type: "line", source: "world", "source-layer": "contours", minzoom: 12,
      paint: { "line-color": palette.contour, "line-width": ["case", ["==", ["get", "index"], 1], 0.9, 0.4] },
    },
    { id: "water", type: "fill", source: "world", "source-layer": "water", paint: { "fill-color": palette.water } },
    {
      id: "coastline", type: "line", source: "world", "source-layer": "coastline",
      paint: { "line-color": palette.shore, "line-width": widthByZoom(0.7, 2.5) },
    },
    {
      id: "runway", type: "fill", source: "world", "source-layer": "runway",
      paint: { "fill-color": palette.runway, "fill-opacity": ["match", ["get", "kind"], "taxiway", 0.6, 1] },
    },
    {
      id: "bridges", type: "fill", source: "world", "source-layer": "bridges", minzoom: 13,
      paint: { "fill-color": palette.roadCasing },
    },
  ];
}

function builtLayers(palette: MapPalette): LayerSpecification[] {
  return [
    {
      id: "walls", type: "line", source: "world", "source-layer": "walls",
      paint: { "line-color": palette.wall, "line-width": ["match", ["get", "kind"], "breakwater", 2.5, "fortress", 2, 1] },
    },
    {
      id: "buildings", type: "fill-extrusion", source: "world", "source-layer": "buildings", minzoom: 13,
      paint: {
        "fill-extrusion-color": ["match", ["get", "kind"], ["landmark", "public"], palette.landmark, palette.building],
        "fill-extrusion-height": ["coalesce", ["get", "height_m"], 6],
        "fill-extrusion-base": ["coalesce", ["get", "min_height_m"], 0],
        "fill-extrusion-opacity": 0.92,
      },
    },
  ];
}

function nameLayers(palette: MapPalette): LayerSpecification[] {
  const halo = { "text-halo-color": palette.halo, "text-halo-width": 1.4 };
  return [
    {
      id: "road-names", type: "symbol", source: "world", "source-layer": "roads", minzoom: 14.5,
      filter: ["all", ["has", "name"], ["in", ["get", "class"], ["literal", ["primary", "secondary", "tertiary", "motorway"]]]],
      layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": FONT, "text-size": 10.5 },
      paint: { "text-color": palette.text, ...halo, "text-opacity": 0.75 },
    },
    {
      id: "water-names", type: "symbol", source: "world", "source-layer": "water", filter: ["has", "name"], minzoom: 11,
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 11.5, "text-letter-spacing": 0.12 },
      paint: { "text-color": palette.textWater, ...halo },
    },
    {
      id: "places", type: "symbol", source: "world", "source-layer": "places",
      layout: {
        "text-field": ["get", "name"], "text-font": FONT, "symbol-sort-key": ["get", "rank"], "text-padding": 6,
        "text-size": ["match", ["get", "rank"], 1, 14.5, 2, 12.5, 11], "text-max-width": 8,
      },
      paint: {
        "text-color": ["match", ["get", "kind"], ["bay", "island"], palette.textWater, palette.text], ...halo,
        "text-opacity": ["match", ["get", "rank"], [1, 2], 1, 0.85],
      },
    },
  ];
}

function siteLayers(inputs: StyleInputs): LayerSpecification[] {
  const { palette } = inputs;
  const shown = (on: boolean): "visible" | "none" => (on ? "visible" : "none");
  const zoneColor: ExpressionSpecification = ["match", ["get", "kind"],
    "prohibited", palette.zone.prohibited, "restricted", palette.zone.restricted, "conditional", palette.zone.conditional,
    palette.zone.open];
  const zones = { visibility: shown(inputs.zones) };
  const halo = { "text-halo-color": palette.halo, "text-halo-width": 1.6 };
  const isPart = (part: string): ExpressionSpecification => ["==", ["get", "part"], part];
  return [
    {
      id: "coverage", type: "fill", source: "coverage", layout: { visibility: shown(inputs.coverage) },
      paint: { "fill-color": palette.coverage, "fill-opacity": 0.05 },
    },
    {
      id: "coverage-line", type: "line", source: "coverage", layout: { visibility: shown(inputs.coverage) },
      paint: { "line-color": palette.coverage, "line-width": 1, "line-opacity": 0.6, "line-dasharray": [2, 3] },
    },
    {
      id: "zones", type: "fill", source: "zones", filter: ["==", ["geometry-type"], "Polygon"], layout: zones,
      paint: { "fill-color": zoneColor, "fill-opacity": ["match", ["get", "kind"], "prohibited", 0.09, 0.05] },
    },
    {
      id: "zones-line", type: "line", source: "zones", filter: ["==", ["geometry-type"], "Polygon"], layout: zones,
      paint: {
        "line-color": zoneColor, "line-width": 1.3, "line-opacity": ["match", ["get", "state"], "waiting", 0.45, 0.85],
      },
    },
    {
      id: "scope", type: "fill", source: "scope",
      paint: { "fill-color": palette.select, "fill-opacity": 0.1 },
    },
    {
      id: "scope-line", type: "line", source: "scope",
      paint: { "line-color": palette.select, "line-width": 2.4, "line-dasharray": [3, 2] },
    },
    {
      id: "asset-rings", type: "line", source: "assets", filter: isPart("ring"),
      paint: { "line-color": palette.asset, "line-width": 1, "line-opacity": 0.55, "line-dasharray": [5, 4] },
    },
    {
      id: "asset-footprint", type: "line", source: "assets", filter: isPart("footprint"),
      paint: { "line-color": palette.asset, "line-width": 2 },
    },
    {
      id: "zone-names", type: "symbol", source: "zones", filter: ["has", "label"], minzoom: 10.5,
      layout: { ...zones, "text-field": ["get", "label"], "text-font": FONT, "text-size": 10.5, "text-anchor": "bottom", "text-offset": [0, -0.3] },
      paint: { "text-color": zoneColor, ...halo },
    },
    {
      id: "ring-names", type: "symbol", source: "assets", filter: isPart("ring_label"), minzoom: 12,
      layout: { "text-field": ["get", "label"], "text-font": FONT, "text-size": 10, "text-anchor": "top", "text-offset": [0, 0.2] },
      paint: { "text-color": palette.asset, ...halo, "text-opacity": 0.8 },
    },
    {
      id: "sensors", type: "circle", source: "sensors",
      paint: {
        "circle-radius": 3.2, "circle-color": palette.halo, "circle-stroke-color": palette.coverage, "circle-stroke-width": 1.6,
      },
    },
    {
      id: "sensor-names", type: "symbol", source: "sensors", layout: {
        visibility: shown(inputs.coverage), "text-field": ["get", "label"], "text-font": FONT, "text-size": 10,
        "text-anchor": "top", "text-offset": [0, 0.6],
      },
      paint: { "text-color": palette.coverage, ...halo },
    },
    {
      id: "assets", type: "circle", source: "assets", filter: isPart("asset"),
      paint: {
        "circle-radius": 5, "circle-color": palette.halo, "circle-stroke-color": palette.asset, "circle-stroke-width": 2.4,
      },
    },
    {
      id: "asset-names", type: "symbol", source: "assets", filter: isPart("asset"),
      layout: {
        "text-field": ["get", "label"], "text-font": FONT, "text-size": 12.5, "text-anchor": "top",
        "text-offset": [0, 0.8], "text-allow-overlap": true,
      },
      paint: { "text-color": palette.asset, ...halo },
    },
  ];
}

export function mapStyle(inputs: StyleInputs): StyleSpecification {
  const { site, palette } = inputs;
  const geojson = (data: Features): SourceSpecification => ({ type: "geojson", data: data as unknown as GeoJSON.FeatureCollection });
  const absolute = (url: string) => `pmtiles://${new URL(url, location.href).href}`;
  const dem = (url: string): SourceSpecification =>
    ({ type: "raster-dem", url: absolute(url), encoding: "terrarium", tileSize: 256, maxzoom: 13 });
  const terrain_url = site.tiles.terrain_url;
  const sources: Record<string, SourceSpecification> = {
    world: { type: "vector", url: absolute(site.tiles.url), attribution: site.tiles.attribution },
    zones: geojson(zoneFeatures(site.zones)),
    scope: geojson(scopeFeatures(inputs.scope)),
    assets: geojson(assetFeatures(site.assets)),
    sensors: geojson(sensorFeatures(site.sensors)),
    coverage: geojson(coverageFeatures(site.sensors)),
    // Terrain and hill shading want a source each: sharing one lowers the shading's resolution.
    ...(terrain_url ? { terrain: dem(terrain_url), hills: dem(terrain_url) } : {}),
  };
  return {
    version: 8,
    sources,
    ...(terrain_url ? { terrain: { source: "terrain", exaggeration: 1 } } : {}),
    sky: {
      "sky-color": palette.sky, "horizon-color": palette.horizon, "fog-color": palette.horizon,
      "sky-horizon-blend": 0.6, "horizon-fog-blend": 0.6, "fog-ground-blend": 0.85,
    },
    light: { anchor: "viewport", color: "#ffffff", intensity: 0.28 },
    layers: [
      ...groundLayers(palette, terrain_url !== null),
      ...roadLayers(palette),
      ...builtLayers(palette),
      ...nameLayers(palette),
      ...siteLayers(inputs),
    ],
  };
}

