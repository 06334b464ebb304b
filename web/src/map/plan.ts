/** The view without WebGL: a plan of the tracks on a 2D canvas, north up, same symbols, labels and selection. */
import { importantRows, standingWeights } from "../picture/rank";
import type { TrackStore } from "../picture/store";
import type { Alert, Claim, LonLat, Option, Sensor, Zone } from "../protocol/messages";
import type { Theme } from "../state/preferences.svelte";
import { atlasCanvas } from "./atlas";
import { degreesPerMetre, sector } from "./geometry";
import { LabelCanvas } from "./labels";
import { guardedRadius_m, zoneHeights, zoneRings } from "./overlays";
import { PALETTES, type MapPalette } from "./palette";
import { ATLAS_COLUMNS, CELL, claimCell, standingKey, STANDING_KEYS, trackCell } from "./symbolKeys";
import type { MapView, MapViewInputs, Padding } from "./view";

const ICON_PX = 24;
const VECTOR_S = 15;

export class PlanView implements MapView {
  private readonly ground = document.createElement("canvas");
  private readonly labels: LabelCanvas;
  private readonly context: CanvasRenderingContext2D;
  private readonly observer: ResizeObserver;
  private readonly store: TrackStore;
  private palette: MapPalette;
  private atlas: HTMLCanvasElement | null = null;
  private width = 1;
  private height = 1;
  private padding: Padding;
  private metresPerPixel = 10;
  private centre: [number, number];
  private selected = -1;
  private alerted: ReadonlySet<number> = new Set();
  private names: ReadonlyMap<number, string> = new Map();
  private claims: Claim[] = [];
  private option: Option | null = null;
  private coverage = false;
  private sensors: Sensor[] | null = null;
  /** Nothing is drawn by hand here: outlines are typed in. */
  readonly canDraw = false;
  private zones = true;
  private listed: Zone[] | null = null;
  private scope: LonLat[][] = [];
  private following = false;
  private queued = false;
  private dragFrom: { x: number; y: number; moved: boolean } | null = null;

  constructor(private readonly inputs: MapViewInputs) {
    const { hello, container } = inputs;
    this.store = inputs.store;
    this.palette = PALETTES[inputs.theme];
    this.padding = inputs.padding;
    const asset = hello.site.assets[0];
    this.centre = [asset?.lon_deg ?? hello.site.origin.lon_deg, asset?.lat_deg ?? hello.site.origin.lat_deg];
    this.ground.className = "plan-ground";
    const over = document.createElement("canvas");
    over.className = "track-labels";
    over.setAttribute("aria-hidden", "true");
    container.append(this.ground, over);
    this.context = this.ground.getContext("2d")!;
    this.labels = new LabelCanvas(over);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(container);
    this.listen();
    this.setTheme(inputs.theme);
    this.resize();
    this.resetView();
  }

  private listen(): void {
    const canvas = this.ground;
    canvas.addEventListener("pointerdown", (event) => {
      this.dragFrom = { x: event.offsetX, y: event.offsetY, moved: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      const from = this.dragFrom;
      if (from === null) return;
      const dx = event.offsetX - from.x;
      const dy = event.offsetY - from.y;
      if (!from.moved && Math.hypot(dx, dy) < 4) return;
      const scale = degreesPerMetre(this.centre[1]);
      this.centre = [
        this.centre[0] - dx * this.metresPerPixel * scale.lon, this.centre[1] + dy * this.metresPerPixel * scale.lat];
      this.dragFrom = { x: event.offsetX, y: event.offsetY, moved: true };
      this.following = false;
      this.queue();
    });
    canvas.addEventListener("pointerup", (event) => {
      if (this.dragFrom?.moved === false) this.inputs.onPick(this.pick(event.offsetX, event.offsetY));
      this.dragFrom = null;
    });
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoomBy(event.deltaY < 0 ? 0.5 : -0.5);
    }, { passive: false });
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.inputs.container;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    this.width = clientWidth;
    this.height = clientHeight;
    this.ground.width = Math.round(clientWidth * ratio);
    this.ground.height = Math.round(clientHeight * ratio);
    this.labels.resize(clientWidth, clientHeight);
    this.queue();
  }

  setTheme(theme: Theme): void {
    this.palette = PALETTES[theme];
    void atlasCanvas(theme).then((canvas) => {
      this.atlas = canvas;
      this.queue();
    });
  }

  setPadding(padding: Padding): void {
    this.padding = padding;
    this.queue();
  }

  setSelection(trackId: number | null, _alert: Alert | null, alerted: ReadonlySet<number>): void {
    this.selected = trackId ?? -1;
    this.alerted = alerted;
    this.queue();
  }

  setNames(names: ReadonlyMap<number, string>): void {
    this.names = names;
    this.queue();
  }

  setClaims(claims: Claim[]): void {
    this.claims = claims;
    this.queue();
  }

  setOption(option: Option | null): void {
    this.option = option;
    this.queue();
  }

  setSensors(sensors: Sensor[]): void {
    if (sensors === this.sensors) return;
    this.sensors = sensors;
    this.queue();
  }

  setZones(zones: Zone[]): void {
    this.listed = zones;
    this.queue();
  }

  setScope(rings: LonLat[][]): void {
    this.scope = rings;
    this.queue();
  }

  draw(): void {
    // As `canDraw` says.
  }

  setLayers(coverage: boolean, zones: boolean): void {
    this.coverage = coverage;
    this.zones = zones;
    this.queue();
  }

  setFollow(follow: boolean): void {
    this.following = follow;
    this.queue();
  }

  resetView(): void {
    const asset = this.inputs.hello.site.assets[0];
    if (asset) this.centre = [asset.lon_deg, asset.lat_deg];
    const free = Math.min(
      this.width - this.padding.left - this.padding.right, this.height - this.padding.top - this.padding.bottom);
    this.metresPerPixel = (2.7 * guardedRadius_m(this.inputs.hello.site)) / Math.max(200, free);
    this.queue();
  }

  toggleTilt(): void {
    // A plan is flat.
  }

  zoomBy(steps: number): void {
    this.metresPerPixel = Math.min(200, Math.max(0.3, this.metresPerPixel / 2 ** steps));
    this.queue();
  }

  drawPicture(): void {
    this.queue();
  }

  private queue(): void {
    if (this.queued) return;
    this.queued = true;
    requestAnimationFrame(() => {
      this.queued = false;
      this.paint();
    });
  }

  private at(lon: number, lat: number): [number, number] {
    const scale = degreesPerMetre(this.centre[1]);
    const x = (this.width + this.padding.left - this.padding.right) / 2;
    const y = (this.height + this.padding.top - this.padding.bottom) / 2;
    return [
      x + (lon - this.centre[0]) / scale.lon / this.metresPerPixel,
      y - (lat - this.centre[1]) / scale.lat / this.metresPerPixel,
    ];
  }

  private paint(): void {
    const { context, palette, store } = this;
    const row = this.following ? store.row(this.selected) : -1;
    if (row >= 0) this.centre = [store.columns.lon_e7[row]! / 1e7, store.columns.lat_e7[row]! / 1e7];
    const ratio = this.ground.width / Math.max(1, this.width);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = palette.land;
    context.fillRect(0, 0, this.width, this.height);
    this.drawGround();
    this.drawSymbols();
    const rows = importantRows(store, standingWeights(this.inputs.hello.standings), this.alerted, 80);
    const { hello } = this.inputs;
    this.labels.draw({
      store, rows, selected: this.selected, alerted: this.alerted, names: this.names, palette, classNames: hello.classes,
      statusNames: hello.statuses, originHeight_m: hello.site.origin.height_hae_m, aim: null, debris: null,
      free: { left: this.padding.left, top: 0, right: this.width - this.padding.right, bottom: this.height - this.padding.bottom },
    }, (index, out) => {
      [out.x, out.y] = this.at(store.columns.lon_e7[index]! / 1e7, store.columns.lat_e7[index]! / 1e7);
      return out.x > 0 && out.y > 0 && out.x < this.width && out.y < this.height;
    });
  }

  private ring(ring: readonly (readonly [number, number])[], stroke: string, fill: string | null, width_px = 1): void {
    const { context } = this;
    context.beginPath();
    ring.forEach(([lon, lat], i) => {
      const [x, y] = this.at(lon, lat);
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    context.closePath();
    if (fill !== null) {
      context.globalAlpha = 0.12;
      context.fillStyle = fill;
      context.fill();
      context.globalAlpha = 1;
    }
    context.strokeStyle = stroke;
    context.lineWidth = width_px;
    context.stroke();
  }

  private drawGround(): void {
    const { palette, context, inputs: { hello: { site } } } = this;
    if (this.coverage) {
      for (const s of this.sensors ?? site.sensors) {
        this.ring(sector(s.lon_deg, s.lat_deg, s.range_m, s.azimuth_from_deg, s.azimuth_to_deg), palette.coverage, null);
      }
    }
    context.font = this.labels.font;
    if (this.zones) for (const zone of this.listed ?? site.zones) this.drawZone(zone);
    for (const ring of this.scope) this.ring(ring, palette.select, palette.select, 2);
    for (const contour of this.option?.debris ?? []) this.ring(contour.polygon, palette.debrisLine, palette.debris);
    context.fillStyle = palette.asset;
    for (const asset of site.assets) {
      for (const ring of asset.rings) this.ring(sector(asset.lon_deg, asset.lat_deg, ring.radius_m), palette.asset, null);
      const [x, y] = this.at(asset.lon_deg, asset.lat_deg);
      context.fillRect(x - 4, y - 4, 8, 8);
      context.fillText(asset.name, x + 8, y + 4);
    }
  }

  private drawZone(zone: Zone): void {
    const color = this.palette.zone[zone.kind];
    for (const rings of zoneRings(zone)) {
      rings.forEach((ring, i) => this.ring(ring, color, i === 0 ? color : null));
    }
    const north = zone.polygon.reduce((best, p) => (p[1] > best[1] ? p : best), zone.polygon[0] ?? [0, 0]);
    const [x, y] = this.at(north[0], north[1]);
    this.context.fillStyle = color;
    this.context.fillText(`${zone.name}  ${zoneHeights(zone)}`, x, y - 5);
  }

  private drawSymbols(): void {
    const { context, store, atlas, palette } = this;
    if (atlas === null) return;
    const { classes, standings } = this.inputs.hello;
    const c = store.columns;
    const stamp = (cell: number, x: number, y: number) => context.drawImage(
      atlas, (cell % ATLAS_COLUMNS) * CELL, Math.floor(cell / ATLAS_COLUMNS) * CELL, CELL, CELL,
      x - ICON_PX / 2, y - ICON_PX / 2, ICON_PX, ICON_PX);
    for (const claim of this.claims) {
      if (claim.matched_track === null || claim.verdict === "contradicted") stamp(claimCell(claim.verdict), ...this.at(claim.lon, claim.lat));
    }
    for (let row = 0; row < store.count; row++) {
      const [x, y] = this.at(c.lon_e7[row]! / 1e7, c.lat_e7[row]! / 1e7);
      if (x < -20 || y < -20 || x > this.width + 20 || y > this.height + 20) continue;
      const standing = standings[c.standing_index[row]!];
      const [r, g, b] = palette.standing[STANDING_KEYS.indexOf(standingKey(standing))] ?? palette.standing[0];
      const reach_px = ((c.speed_cmps[row]! / 100) * VECTOR_S) / this.metresPerPixel;
      const course_rad = (c.course_cdeg[row]! * Math.PI) / 18000;
      context.strokeStyle = `rgb(${r} ${g} ${b})`;
      context.lineWidth = 1.6;
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x + reach_px * Math.sin(course_rad), y - reach_px * Math.cos(course_rad));
      context.stroke();
      stamp(trackCell(standing, classes[c.class_index[row]!]), x, y);
    }
  }

  private pick(x: number, y: number): number | null {
    const c = this.store.columns;
    let best: number | null = null;
    let least_px = 18;
    for (let row = 0; row < this.store.count; row++) {
      const [px, py] = this.at(c.lon_e7[row]! / 1e7, c.lat_e7[row]! / 1e7);
      const away_px = Math.hypot(px - x, py - y);
      if (away_px < least_px) {
        least_px = away_px;
        best = c.id[row]!;
      }
    }
    return best;
  }

  destroy(): void {
    this.observer.disconnect();
    this.inputs.container.replaceChildren();
  }
}
