/**
 * Text and marks over the tracks, on a plain 2D canvas: crisp, any script, and placed so that labels do not cover
 * each other. The 3D map and the plan view both use it; each brings its own projection.
 */
import type { TrackStore } from "../picture/store";
import type { MapPalette } from "./palette";

/** Screen place of a row; false when it is behind the camera or outside. Writes x and y to `out`. */
export type Project = (row: number, out: { x: number; y: number }) => boolean;

export interface LabelScene {
  store: TrackStore;
  rows: Int32Array;
  selected: number;
  alerted: ReadonlySet<number>;
  palette: MapPalette;
  /** What people call a track, by its number. */
  names: ReadonlyMap<number, string>;
  classNames: string[];
  statusNames: string[];
  originHeight_m: number;
  /** The end of the line from the selected alert's track to what it is aimed at. */
  aim: { row: number; x: number; y: number } | null;
  /** Where the debris of the chosen option is named. */
  debris: { x: number; y: number } | null;
  /** The part of the canvas that no panel covers: labels stay inside it. */
  free: FreeArea;
}

export interface FreeArea { left: number; top: number; right: number; bottom: number }

const FULL_LABELS = 24;
const FULL_LABELS_NARROW = 5;
const NARROW_PX = 600;
const LINE_PX = 13;
const PLACES: readonly [number, number][] = [[24, -8], [24, 20], [-24, -8], [-24, 20], [0, -38], [0, 38]];

interface Box { x: number; y: number; w: number; h: number }

const overlaps = (a: Box, b: Box): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const inside = (box: Box, free: FreeArea): boolean =>
  box.x >= free.left && box.y >= free.top && box.x + box.w <= free.right && box.y + box.h <= free.bottom;

/** "T12 multirotor 91%" and "84 m  14 m/s ↓": what the first labels say. */
export function labelLines(scene: LabelScene, row: number, full: boolean): string[] {
  const c = scene.store.columns;
  const called = scene.names.get(c.id[row]!);
  const name = called === undefined ? `T${c.id[row]}` : `${called} (T${c.id[row]})`;
  if (!full) return [name];
  const kind = (scene.classNames[c.class_index[row]!] ?? "").replace(/_/g, " ");
  const height_m = Math.round(c.height_dm[row]! / 10 - scene.originHeight_m);
  const climb_mps = c.climb_cmps[row]! / 100;
  const arrow = climb_mps > 1 ? " ↑" : climb_mps < -1 ? " ↓" : "";
  const coasting = scene.statusNames[c.status_index[row]!] === "coasting" ? " coasting" : "";
  return [`${name} ${kind} ${c.class_percent[row]}%${coasting}`, `${height_m} m  ${Math.round(c.speed_cmps[row]! / 100)} m/s${arrow}`];
}

export class LabelCanvas {
  private readonly context: CanvasRenderingContext2D;
  private readonly spot = { x: 0, y: 0 };
  private ratio = 1;
  readonly font: string;

  constructor(readonly canvas: HTMLCanvasElement) {
    this.context = canvas.getContext("2d")!;
    this.font = `11px ${getComputedStyle(document.documentElement).getPropertyValue("--font") || "sans-serif"}`;
  }

  resize(width_px: number, height_px: number): void {
    this.ratio = Math.min(2, window.devicePixelRatio || 1);
    this.canvas.width = Math.round(width_px * this.ratio);
    this.canvas.height = Math.round(height_px * this.ratio);
  }

  draw(scene: LabelScene, project: Project): void {
    const context = this.context;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.font = this.font;
    context.textBaseline = "middle";
    this.drawAim(scene, project);
    const most = scene.free.right - scene.free.left < NARROW_PX ? FULL_LABELS_NARROW : FULL_LABELS;
    const taken: Box[] = [];
    this.drawDebrisName(scene, taken);
    for (const row of scene.rows) {
      if (project(row, this.spot)) taken.push({ x: this.spot.x - 11, y: this.spot.y - 11, w: 22, h: 22 });
    }
    for (let i = 0; i < scene.rows.length; i++) {
      const row = scene.rows[i]!;
      if (!project(row, this.spot)) continue;
      const id = scene.store.columns.id[row]!;
      if (scene.alerted.has(id)) this.drawAlertRing(scene, this.spot.x, this.spot.y);
      if (id === scene.selected) this.drawReticle(scene, this.spot.x, this.spot.y);
      const minor = this.isMinor(scene, row);
      const full = (i < most && !minor) || id === scene.selected || scene.alerted.has(id);
      this.drawLabel(scene, row, full, this.spot.x, this.spot.y, taken, scene.alerted.has(id) || id === scene.selected);
    }
  }

  /** Birds that nobody worries about get a number only. */
  private isMinor(scene: LabelScene, row: number): boolean {
    const { class_index, priority_percent } = scene.store.columns;
    return scene.classNames[class_index[row]!] === "bird" && priority_percent[row]! < 20;
  }

  private drawLabel(
    scene: LabelScene, row: number, full: boolean, x: number, y: number, taken: Box[], always: boolean,
  ): void {
    const context = this.context;
    const lines = labelLines(scene, row, full);
    let w = 0;
    for (const line of lines) w = Math.max(w, context.measureText(line).width);
    w += 8;
    const h = lines.length * LINE_PX + 4;
    let found: Box | null = null;
    let least = always ? Infinity : 1;
    for (const [dx, dy] of PLACES) {
      const box: Box = { x: dx > 0 ? x + dx : dx < 0 ? x + dx - w : x - w / 2, y: y + dy - h / 2, w, h };
      let hit = inside(box, scene.free) ? 0 : 3;
      for (const other of taken) if (overlaps(box, other)) hit++;
      if (hit < least) {
        least = hit;
        found = box;
      }
      if (hit === 0) break;
    }
    if (found === null) return;
    taken.push(found);
    context.fillStyle = scene.palette.labelPlate;
    context.fillRect(found.x, found.y, found.w, found.h);
    for (let k = 0; k < lines.length; k++) {
      context.fillStyle = k === 0 ? scene.palette.label : scene.palette.labelMuted;
      context.fillText(lines[k]!, found.x + 4, found.y + 2 + LINE_PX * (k + 0.5));
    }
  }

  private drawDebrisName(scene: LabelScene, taken: Box[]): void {
    if (scene.debris === null) return;
    const context = this.context;
    const text = "95 %";
    const box: Box = { x: scene.debris.x + 6, y: scene.debris.y - 9, w: context.measureText(text).width + 8, h: 18 };
    taken.push(box);
    context.fillStyle = scene.palette.labelPlate;
    context.fillRect(box.x, box.y, box.w, box.h);
    context.fillStyle = scene.palette.debrisLine;
    context.fillText(text, box.x + 4, scene.debris.y);
  }

  private drawAim(scene: LabelScene, project: Project): void {
    const aim = scene.aim;
    if (aim === null || !project(aim.row, this.spot)) return;
    const context = this.context;
    context.strokeStyle = scene.palette.threat;
    context.lineWidth = 1.5;
    context.setLineDash([7, 6]);
    context.beginPath();
    context.moveTo(this.spot.x, this.spot.y);
    context.lineTo(aim.x, aim.y);
    context.stroke();
    context.setLineDash([]);
  }

  private drawAlertRing(scene: LabelScene, x: number, y: number): void {
    const context = this.context;
    context.strokeStyle = scene.palette.threat;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, 18, 0, 2 * Math.PI);
    context.stroke();
  }

  private drawReticle(scene: LabelScene, x: number, y: number): void {
    const context = this.context;
    context.strokeStyle = scene.palette.select;
    context.lineWidth = 2;
    context.beginPath();
    for (const [sx, sy] of [[-1, -1], [1, -1], [1, 1], [-1, 1]] as const) {
      context.moveTo(x + sx * 22, y + sy * 14);
      context.lineTo(x + sx * 22, y + sy * 22);
      context.lineTo(x + sx * 14, y + sy * 22);
    }
    context.stroke();
  }
}
