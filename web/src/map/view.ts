/** What both map views show and can be told: the 3D map and the plan view are two of these. */
import type { Alert, Claim, Hello, LonLat, Option, Sensor, Zone } from "../protocol/messages";
import type { TrackStore } from "../picture/store";
import type { Theme } from "../state/preferences.svelte";

export interface Padding { top: number; bottom: number; left: number; right: number }

/** What is drawn for a restriction: a circle by its numbers, or one ring that need not repeat its first corner. */
export type Shape =
  | { kind: "circle"; lon: number; lat: number; radius_m: number }
  | { kind: "polygon"; ring: LonLat[] };
export type DrawMode = "off" | "polygon" | "circle" | "edit";

export interface MapView {
  /** Whether shapes can be drawn with the pointer here. */
  readonly canDraw: boolean;
  setZones(zones: Zone[]): void;
  /** The outlines of what is selected in a list: a permit's scope, a restriction. */
  setScope(rings: LonLat[][]): void;
  /** Let a shape be drawn or changed; `onShape` is told of it whenever it changes, and of null when it is deleted. */
  draw(mode: DrawMode, shape: Shape | null, onShape: (shape: Shape | null) => void): void;
  setTheme(theme: Theme): void;
  setPadding(padding: Padding): void;
  setNames(names: ReadonlyMap<number, string>): void;
  setSelection(trackId: number | null, alert: Alert | null, alerted: ReadonlySet<number>): void;
  setClaims(claims: Claim[]): void;
  setOption(option: Option | null): void;
  setSensors(sensors: Sensor[]): void;
  setLayers(coverage: boolean, zones: boolean): void;
  setFollow(follow: boolean): void;
  drawPicture(store: TrackStore): void;
  resetView(): void;
  toggleTilt(): void;
  zoomBy(steps: number): void;
  destroy(): void;
}

export interface MapViewInputs {
  container: HTMLElement;
  hello: Hello;
  theme: Theme;
  store: TrackStore;
  padding: Padding;
  reducedMotion: boolean;
  onPick(trackId: number | null): void;
  /** Whether every tile of the present view has come: for scripts that take pictures. */
  onTiles(loaded: boolean): void;
}
