/**
 * The only module that touches MapLibre and deck.gl. It is loaded on demand, so the page works where it cannot be.
 */
import { WebMercatorViewport } from "@deck.gl/core";
import { IconLayer, LineLayer, SolidPolygonLayer } from "@deck.gl/layers";
import { MapLibreOverlay } from "@deck.gl/maplibre";
import { addProtocol, AttributionControl, Map as MapLibreMap, ScaleControl, setWorkerUrl, type CameraOptions, type GeoJSONSource } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import { Protocol } from "pmtiles";
import { drawingOrder, importantRows, standingWeights } from "../picture/rank";
import type { TrackStore } from "../picture/store";
import type { Alert, Asset, Claim, LonLat, Option, Sensor, Zone } from "../protocol/messages";
import type { Theme } from "../state/preferences.svelte";
import { atlasCanvas } from "./atlas";
import { LabelCanvas, type FreeArea } from "./labels";
import { debrisFills, debrisLabelPlace, groundLines, type GroundFill } from "./groundMarks";
import { coverageFeatures, guardedRadius_m, scopeFeatures, sensorFeatures, zoneFeatures, type Features } from "./overlays";
import { PALETTES, type MapPalette, type Rgb } from "./palette";
import { drawTracks, SegmentBuffer } from "./segments";
import { mapStyle } from "./style";
import { claimCell, iconMapping, standingKey, STANDING_KEYS, trackCell } from "./symbolKeys";
import type { Drawing } from "./drawing";
import type { DrawMode, MapView, MapViewInputs, Padding, Shape } from "./view";

const IMPORTANT_ROWS = 200;
const LABELLED_ROWS = 80;
const PICK_RADIUS_PX = 18;
const PITCH_DEG = 52;
const BUTTONS_PX = 50;
const ICON_PX = 28;
const MINOR_ICON_PX = 20;
const MAPPING = iconMapping(1);
/** A ground height asked of the terrain is kept for a cell of about 30 m. */
const GROUND_CELL_PER_DEG = 3600;

setWorkerUrl(workerUrl);
const tiles = new Protocol();
addProtocol("pmtiles", tiles.tile);

/** Symbols keep one size on the screen, near or far: deck.gl's own pixels shrink with distance. */
class ScreenIconLayer<D = unknown> extends IconLayer<D> {
  static override layerName = "ScreenIconLayer";

  override getShaders() {
    return { ...super.getShaders(), inject: { "vs:DECKGL_FILTER_SIZE": "size *= gl_Position.w / project.focalDistance;" } };
  }
}

export class TrackMap implements MapView {
  private readonly map: MapLibreMap;
  private readonly overlay: MapLibreOverlay;
  private readonly labels: LabelCanvas;
  private readonly segments = new SegmentBuffer();
  private readonly claimSegments = new SegmentBuffer();
  private readonly groundSegments = new SegmentBuffer();
  private groundData = this.groundSegments.data();
  private fills: GroundFill[] = [];
  private readonly store: TrackStore;
  private readonly weights: number[];
  private readonly datum_m: number;
  private readonly groundCache = new Map<number, number>();
  private groundKnown = -1;
  private positions = new Float64Array(0);
  private cells: string[];
  private palette: MapPalette;
  private colors: Rgb[] = [];
  private atlas: HTMLCanvasElement | null = null;
  private rows: Int32Array = new Int32Array(0);
  private selected = -1;
  private pinned: Set<number> = new Set();
  private alerted: ReadonlySet<number> = new Set();
  private names: ReadonlyMap<number, string> = new Map();
  private aimAsset: Asset | null = null;
  private aimTrack = -1;
  private claims: Claim[] = [];
  private option: Option | null = null;
  private coverage = false;
  private sensors: Sensor[] | null = null;
  private drawnSensors = "";
  readonly canDraw = true;
  /** Loaded when something is first drawn. */
  private drawing: Drawing | null = null;
  private drawn: Parameters<Drawing["set"]> = ["off", null, () => {}];
  private gone = false;
  private listed: Zone[] | null = null;
  private scope: LonLat[][] = [];
  private zones = true;
  private following = false;
  private viewport: WebMercatorViewport | null = null;
  private theme: Theme;

  constructor(private readonly inputs: MapViewInputs) {
    const { hello } = inputs;
    this.store = inputs.store;
    this.theme = inputs.theme;
    this.palette = PALETTES[inputs.theme];
    this.weights = standingWeights(hello.standings);
    // Without terrain the map's ground is flat at the site's own height.
    this.datum_m = hello.site.tiles.terrain_url === null ? hello.site.origin.height_hae_m : 0;
    this.cells = hello.standings.flatMap((standing) => hello.classes.map((kind) => String(trackCell(standing, kind))));
    this.map = new MapLibreMap({
      container: inputs.container,
      style: this.style(),
      ...this.homeView(),
      maxPitch: 75,
      attributionControl: false,
      localIdeographFontFamily: "sans-serif",
      fadeDuration: 0,
      renderWorldCopies: false,
    });
    this.map.addControl(new AttributionControl({ compact: true }), "bottom-left");
    this.map.addControl(new ScaleControl({ unit: "metric", maxWidth: 110 }), "bottom-left");
    this.overlay = new MapLibreOverlay({ layers: [], pickingRadius: 0 });
    this.map.addControl(this.overlay);
    const canvas = document.createElement("canvas");
    canvas.className = "track-labels";
    canvas.setAttribute("aria-hidden", "true");
    this.map.getCanvasContainer().after(canvas);
    this.labels = new LabelCanvas(canvas);
    this.resize();
    this.map.on("resize", () => this.resize());
    this.map.on("render", () => {
      this.drawLabels();
      inputs.onTiles(this.map.areTilesLoaded());
    });
    // A tile that did not come is no fault of the page: the ground stays plain there, and a lost link is said elsewhere.
    this.map.on("error", (event) => console.warn(`map: ${event.error.message}`));
    // What was told before the style had come is drawn once it has.
    this.map.on("style.load", () => {
      if (this.listed !== null) this.setZones(this.listed);
      this.setScope(this.scope);
    });
    // The ground's height is known only once the terrain has come.
    this.map.on("idle", () => this.terrainArrived());
    this.map.on("click", (event) => this.drawn[0] === "off" && inputs.onPick(this.pick(event.point.x, event.point.y)));
    this.map.on("dragstart", () => {
      this.following = false;
    });
    this.map.getCanvas().setAttribute("aria-label", "3D");
    this.setTheme(inputs.theme);
    this.setPadding(inputs.padding);
    this.resetView();
  }

  private style() {
    const { site: configured } = this.inputs.hello;
    const site = { ...configured, sensors: this.sensors ?? configured.sensors, zones: this.listed ?? configured.zones };
    return mapStyle({ site, palette: this.palette, coverage: this.coverage, zones: this.zones, scope: this.scope });
  }

  private homeView() {
    const { site } = this.inputs.hello;
    const asset = site.assets[0];
    const lat = asset?.lat_deg ?? site.origin.lat_deg;
    const lon = asset?.lon_deg ?? site.origin.lon_deg;
    // The guarded ring should span about 60 % of the shorter side of the free area.
    const { padding } = this.inputs;
    const free_px = Math.max(240, Math.min(
      this.inputs.container.clientWidth - padding.left - padding.right,
      this.inputs.container.clientHeight - padding.top - padding.bottom));
    const metresPerPixel = (2 * guardedRadius_m(site)) / (free_px * 0.8);
    const zoom = Math.log2((78271.517 * Math.cos((lat * Math.PI) / 180)) / metresPerPixel);
    return { center: [lon, lat] as [number, number], zoom: Math.min(16, Math.max(3, zoom)), pitch: PITCH_DEG, bearing: -18 };
  }

  setTheme(theme: Theme): void {
    const changed = theme !== this.theme;
    this.theme = theme;
    this.palette = PALETTES[theme];
    this.colors = this.inputs.hello.standings.map(
      (name) => this.palette.standing[STANDING_KEYS.indexOf(standingKey(name))] ?? this.palette.standing[0]);
    // What is being drawn lives in the style's own sources: it is taken off the old one and put on the new.
    const change = () => this.map.setStyle(this.style());
    if (changed && this.drawing !== null) this.drawing.over(theme, change);
    else if (changed) change();
    void atlasCanvas(theme).then((canvas) => {
      this.atlas = canvas;
      this.markGround();
    });
  }

  setPadding(padding: Padding): void {
    this.inputs.padding = padding;
    this.map.setPadding(padding);
  }

  setNames(names: ReadonlyMap<number, string>): void {
    this.names = names;
    this.drawPicture(this.store);
  }

  setSelection(trackId: number | null, alert: Alert | null, alerted: ReadonlySet<number>): void {
    this.selected = trackId ?? -1;
    this.alerted = alerted;
    this.pinned = new Set([...alerted, ...(trackId === null ? [] : [trackId])]);
    this.aimTrack = alert === null || alert.state === "cleared" ? -1 : (alert.track_ids[0] ?? -1);
    this.aimAsset = this.inputs.hello.site.assets.find((asset) => asset.id === alert?.asset || asset.name === alert?.asset) ?? null;
    this.drawPicture(this.store);
  }

  setClaims(claims: Claim[]): void {
    this.claims = claims;
    this.drawPicture(this.store);
  }

  setOption(option: Option | null): void {
    this.option = option;
    this.markGround();
  }

  setSensors(sensors: Sensor[]): void {
    const drawn = JSON.stringify(sensors);
    if (drawn === this.drawnSensors) return;
    this.drawnSensors = drawn;
    this.sensors = sensors;
    this.setData("sensors", sensorFeatures(sensors));
    this.setData("coverage", coverageFeatures(sensors));
  }

  setZones(zones: Zone[]): void {
    this.listed = zones;
    this.setData("zones", zoneFeatures(zones));
  }

  setScope(rings: LonLat[][]): void {
    this.scope = rings;
    this.setData("scope", scopeFeatures(rings));
  }

  private setData(source: string, features: Features): void {
    this.map.getSource<GeoJSONSource>(source)?.setData(features as unknown as GeoJSON.FeatureCollection);
  }

  draw(mode: DrawMode, shape: Shape | null, onShape: (shape: Shape | null) => void): void {
    // Seen from above, a corner lies where it is put.
    if (mode !== "off" && this.drawn[0] === "off") this.move({ pitch: 0, bearing: 0 });
    this.drawn = [mode, shape, onShape];
    if (this.drawing !== null) this.drawing.set(...this.drawn);
    else if (mode !== "off") {
      void import("./drawing").then(({ Drawing }) => {
        if (this.gone) return;
        this.drawing ??= new Drawing(this.map, this.theme);
        this.drawing.set(...this.drawn);
      });
    }
  }

  setLayers(coverage: boolean, zones: boolean): void {
    this.coverage = coverage;
    this.zones = zones;
    if (!this.map.isStyleLoaded() && this.map.getLayer("coverage") === undefined) return;
    for (const id of ["coverage", "coverage-line", "sensor-names"]) {
      this.map.setLayoutProperty(id, "visibility", coverage ? "visible" : "none");
    }
    for (const id of ["zones", "zones-line", "zone-names"]) {
      this.map.setLayoutProperty(id, "visibility", zones ? "visible" : "none");
    }
  }

  setFollow(follow: boolean): void {
    this.following = follow;
    if (follow) this.centreOnSelected(true);
  }

  resetView(): void {
    this.following = false;
    this.move(this.homeView());
  }

  toggleTilt(): void {
    const flat = this.map.getPitch() < 5;
    this.move({ pitch: flat ? PITCH_DEG : 0, ...(flat ? {} : { bearing: 0 }) });
  }

  zoomBy(steps: number): void {
    this.move({ zoom: this.map.getZoom() + steps });
  }

  private move(to: CameraOptions): void {
    if (this.inputs.reducedMotion) this.map.jumpTo(to);
    else this.map.easeTo({ ...to, duration: 500 });
  }

  private centreOnSelected(first: boolean): void {
    const row = this.store.row(this.selected);
    if (row < 0) return;
    const center: [number, number] = [this.store.columns.lon_e7[row]! / 1e7, this.store.columns.lat_e7[row]! / 1e7];
    if (first) this.move({ center, zoom: Math.max(14, this.map.getZoom()) });
    else if (this.inputs.reducedMotion) this.map.jumpTo({ center });
    else this.map.easeTo({ center, duration: 900, easing: (x) => x });
  }

  drawPicture(store: TrackStore): void {
    if (this.atlas === null) return;
    const drawing = {
      store, colors: this.colors, datum_m: this.datum_m, selected: this.selected, trails: true,
      rows: this.rows = importantRows(store, this.weights, this.pinned, IMPORTANT_ROWS),
      ground_m: (lon: number, lat: number) => this.ground_m(lon, lat),
    };
    drawTracks(this.segments, drawing);
    this.overlay.setProps({ layers: [...this.groundLayers(), this.segmentLayer(), ...this.claimLayers(), this.symbolLayer()] });
    if (this.following) this.centreOnSelected(false);
    this.map.triggerRepaint();
  }

  private terrainArrived(): void {
    if (this.groundCache.size === this.groundKnown) return;
    this.groundKnown = this.groundCache.size;
    this.markGround();
  }

  private markGround(): void {
    const ground_m = (lon: number, lat: number) => this.ground_m(lon, lat);
    const { ring, debrisFill, debrisEdge } = this.palette;
    groundLines(this.groundSegments, this.inputs.hello.site.assets, this.option, ring, debrisEdge, ground_m);
    this.groundData = this.groundSegments.data();
    this.fills = debrisFills(this.option, debrisFill, ground_m);
    this.drawPicture(this.store);
  }

  private groundLayers(): (LineLayer | SolidPolygonLayer)[] {
    return [
      new SolidPolygonLayer<GroundFill>({
        id: "debris", data: this.fills, getPolygon: (it) => it.polygon, getFillColor: (it) => it.color,
        parameters: { depthCompare: "always" },
      }),
      new LineLayer({ id: "ground-lines", data: this.groundData, widthUnits: "pixels", parameters: { depthCompare: "always" } }),
    ];
  }

  private segmentLayer(): LineLayer {
    return new LineLayer({ id: "segments", data: this.segments.data(), widthUnits: "pixels", pickable: false });
  }

  private symbolLayer(): IconLayer {
    const n = this.store.count;
    if (this.positions.length < n * 3) this.positions = new Float64Array(this.store.capacity * 3);
    const { positions, cells, store: { columns }, datum_m } = this;
    const order = drawingOrder(n, this.rows);
    for (let i = 0; i < n; i++) {
      const row = order[i]!;
      positions[i * 3] = columns.lon_e7[row]! / 1e7;
      positions[i * 3 + 1] = columns.lat_e7[row]! / 1e7;
      positions[i * 3 + 2] = columns.height_dm[row]! / 10 - datum_m;
    }
    const kinds = this.inputs.hello.classes.length;
    const bird = this.inputs.hello.classes.indexOf("bird");
    return new ScreenIconLayer({
      id: "tracks",
      data: { length: n, attributes: { getPosition: { value: positions.subarray(0, n * 3), size: 3 } } },
      iconAtlas: this.atlas as unknown as string, // deck.gl takes any image here; its type names only two
      iconMapping: MAPPING as never,
      getIcon: ((_: unknown, { index }: { index: number }) =>
        cells[columns.standing_index[order[index]!]! * kinds + columns.class_index[order[index]!]!] ?? "4") as never,
      getSize: ((_: unknown, { index }: { index: number }) =>
        columns.class_index[order[index]!] === bird && columns.priority_percent[order[index]!]! < 20 ? MINOR_ICON_PX : ICON_PX) as never,
      pickable: false,
      parameters: { depthCompare: "always" },
    });
  }

  private claimLayers(): (IconLayer | LineLayer)[] {
    const shown = this.claims.filter((claim) => claim.matched_track === null || claim.verdict === "contradicted");
    this.claimSegments.clear();
    for (const claim of shown) {
      const row = claim.matched_track === null ? -1 : this.store.row(claim.matched_track);
      if (row < 0) continue;
      const { lon_e7, lat_e7, height_dm } = this.store.columns;
      this.claimSegments.add(
        claim.lon, claim.lat, claim.height_m - this.datum_m,
        lon_e7[row]! / 1e7, lat_e7[row]! / 1e7, height_dm[row]! / 10 - this.datum_m, this.palette.claim, 170, 1);
    }
    return [
      new LineLayer({ id: "claim-ties", data: this.claimSegments.data(), widthUnits: "pixels" }),
      new ScreenIconLayer<Claim>({
        id: "claims",
        data: shown,
        iconAtlas: this.atlas as unknown as string,
        iconMapping: MAPPING as never,
        getPosition: (claim) => [claim.lon, claim.lat, claim.height_m - this.datum_m],
        getIcon: (claim) => String(claimCell(claim.verdict)),
        getSize: ICON_PX,
        parameters: { depthCompare: "always" },
      }),
    ];
  }

  private ground_m(lon: number, lat: number): number {
    if (this.inputs.hello.site.tiles.terrain_url === null) return 0;
    const cell = Math.floor(lon * GROUND_CELL_PER_DEG) * 1e7 + Math.floor(lat * GROUND_CELL_PER_DEG);
    let height_m = this.groundCache.get(cell);
    if (height_m === undefined) {
      const asked = this.map.queryTerrainElevation([lon, lat]);
      if (asked === null) return 0;
      height_m = asked;
      if (this.groundCache.size > 20_000) this.groundCache.clear();
      if (height_m !== 0) this.groundCache.set(cell, height_m);
    }
    return height_m;
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.inputs.container;
    this.labels.resize(clientWidth, clientHeight);
  }

  /** The camera as deck.gl sees it, so that text sits exactly on the symbols. */
  private updateViewport(): void {
    const { clientWidth: width, clientHeight: height } = this.inputs.container;
    const { lng, lat } = this.map.getCenter();
    const padding = this.map.getPadding();
    this.viewport = new WebMercatorViewport({
      width, height, longitude: lng, latitude: lat, zoom: this.map.getZoom(), pitch: this.map.getPitch(),
      bearing: this.map.getBearing(),
      padding: { top: padding.top ?? 0, bottom: padding.bottom ?? 0, left: padding.left ?? 0, right: padding.right ?? 0 },
      position: [0, 0, this.map.getCenterElevation()],
    });
  }

  private place(lon: number, lat: number, z_m: number, out: { x: number; y: number }): boolean {
    const [x, y, depth] = this.viewport!.project([lon, lat, z_m]) as [number, number, number];
    out.x = x;
    out.y = y;
    const { clientWidth, clientHeight } = this.inputs.container;
    return depth < 1 && x > -20 && y > -20 && x < clientWidth + 20 && y < clientHeight + 20;
  }

  private readonly projectRow = (row: number, out: { x: number; y: number }): boolean => {
    const { lon_e7, lat_e7, height_dm } = this.store.columns;
    return this.place(lon_e7[row]! / 1e7, lat_e7[row]! / 1e7, height_dm[row]! / 10 - this.datum_m, out);
  };

  private drawLabels(): void {
    this.updateViewport();
    const aimRow = this.aimTrack < 0 ? -1 : this.store.row(this.aimTrack);
    const end = { x: 0, y: 0 };
    const asset = this.aimAsset;
    const aimed = asset !== null && aimRow >= 0
      && this.place(asset.lon_deg, asset.lat_deg, this.ground_m(asset.lon_deg, asset.lat_deg), end);
    const { hello } = this.inputs;
    this.labels.draw({
      store: this.store, rows: this.rows.subarray(0, LABELLED_ROWS), selected: this.selected, alerted: this.alerted,
      names: this.names, palette: this.palette, classNames: hello.classes, statusNames: hello.statuses,
      originHeight_m: hello.site.origin.height_hae_m, aim: aimed ? { row: aimRow, ...end } : null,
      debris: this.debrisPlace(), free: this.freeArea(),
    }, this.projectRow);
  }

  private debrisPlace(): { x: number; y: number } | null {
    const at = debrisLabelPlace(this.option);
    const spot = { x: 0, y: 0 };
    return at !== null && this.place(at[0], at[1], this.ground_m(at[0], at[1]), spot) ? spot : null;
  }

  private freeArea(): FreeArea {
    const { padding, container } = this.inputs;
    // The map's own buttons stand in the first corner: upright on a wide page, lying on a phone.
    const wide = container.clientWidth > 819;
    return {
      left: padding.left + (wide ? BUTTONS_PX : 0), top: padding.top + (wide ? 0 : BUTTONS_PX),
      right: container.clientWidth - padding.right, bottom: container.clientHeight - padding.bottom,
    };
  }

  private pick(x: number, y: number): number | null {
    this.updateViewport();
    const spot = { x: 0, y: 0 };
    let best: number | null = null;
    let least_px = PICK_RADIUS_PX;
    for (let row = 0; row < this.store.count; row++) {
      if (!this.projectRow(row, spot)) continue;
      const away_px = Math.hypot(spot.x - x, spot.y - y);
      if (away_px < least_px) {
        least_px = away_px;
        best = this.store.columns.id[row]!;
      }
    }
    return best;
  }

  destroy(): void {
    this.gone = true;
    this.drawing?.stop();
    this.map.remove();
  }
}

