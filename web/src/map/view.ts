/** What both map views show and can be told: the 3D map and the plan view are two of these. */
import type { Alert, Claim, Hello, Option, Sensor } from "../protocol/messages";
import type { TrackStore } from "../picture/store";
import type { Theme } from "../state/preferences.svelte";

export interface Padding { top: number; bottom: number; left: number; right: number }

export interface MapView {
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
