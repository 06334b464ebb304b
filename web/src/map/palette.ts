/** Map colours per theme. The symbols have their own palette (tools/symbols.mjs). */
import type { Theme } from "../state/preferences.svelte";

export type Rgb = readonly [number, number, number];

export interface MapPalette {
  land: string; urban: string; oldTown: string; industrial: string; green: string; wood: string; rock: string;
  beach: string; square: string; water: string; shore: string; contour: string;
  roadCasing: string; road: string; roadMajor: string; rail: string; runway: string; wall: string;
  building: string; landmark: string; text: string; textWater: string; halo: string;
  hillShadow: string; hillLight: string;
  zone: Record<"prohibited" | "restricted" | "conditional" | "open", string>;
  asset: string; ring: Rgb; coverage: string; debris: string; debrisLine: string; debrisFill: Rgb; debrisEdge: Rgb; zoneText: string;
  sky: string; horizon: string;
  /** By affiliation: trails, vectors and stems. Order of STANDING_KEYS. */
  standing: readonly [Rgb, Rgb, Rgb, Rgb, Rgb];
  claim: Rgb;
  label: string; labelPlate: string; labelMuted: string; threat: string; select: string;
}

const dark: MapPalette = {
  land: "#141b20", urban: "#182127", oldTown: "#1c2428", industrial: "#171e26", green: "#15231c", wood: "#132019",
  rock: "#22282b", beach: "#23251f", square: "#20282d", water: "#0a151d", shore: "#35576a", contour: "#26323a",
  roadCasing: "#0e1418", road: "#2a353d", roadMajor: "#3d4a53", rail: "#37434c", runway: "#3a464f", wall: "#6c7a83",
  building: "#2b373f", landmark: "#54636d", text: "#b4c3cd", textWater: "#7da0b5", halo: "#0e1418",
  hillShadow: "#05090b", hillLight: "#2c3a42",
  zone: { prohibited: "#e0564f", restricted: "#dd9a4a", conditional: "#7aa5c8", open: "#7cb58a" },
  asset: "#e8edf0", ring: [232, 237, 240], debrisFill: [255, 157, 60], debrisEdge: [255, 194, 125], coverage: "#6fb4dc", debris: "#ff9d3c", debrisLine: "#ffc27d", zoneText: "#e8c9c2",
  sky: "#0b1116", horizon: "#1a252c",
  standing: [[244, 211, 94], [111, 195, 242], [147, 214, 142], [247, 164, 81], [255, 93, 87]],
  claim: [185, 198, 207],
  label: "#eef3f6", labelPlate: "rgba(9,13,16,0.82)", labelMuted: "#a9bac5", threat: "#ff5d57", select: "#ffffff",
};

const light: MapPalette = {
  land: "#eceee9", urban: "#e4e6e1", oldTown: "#e6e1d8", industrial: "#e0e3e6", green: "#d6e3cd", wood: "#cbdcc2",
  rock: "#d8d6cf", beach: "#efe7cf", square: "#f2f0e9", water: "#b5cfdd", shore: "#6d95ab", contour: "#d3d2c6",
  roadCasing: "#c3cacd", road: "#ffffff", roadMajor: "#fff6df", rail: "#a5adb2", runway: "#c8cdd1", wall: "#7b838a",
  building: "#cfd4d6", landmark: "#b7bfc4", text: "#333f47", textWater: "#2f5f78", halo: "#f7f8f6",
  hillShadow: "#8b948f", hillLight: "#ffffff",
  zone: { prohibited: "#b3140d", restricted: "#a35a00", conditional: "#1f6399", open: "#2b7a3a" },
  asset: "#10202a", ring: [16, 32, 42], debrisFill: [214, 96, 0], debrisEdge: [125, 57, 0], coverage: "#0a5c8a", debris: "#c35a00", debrisLine: "#7d3900", zoneText: "#6b120c",
  sky: "#c9d8e0", horizon: "#eef1ee",
  standing: [[150, 112, 0], [11, 93, 145], [31, 107, 42], [178, 84, 0], [190, 20, 13]],
  claim: [70, 84, 94],
  label: "#10181d", labelPlate: "rgba(255,255,255,0.88)", labelMuted: "#44525b", threat: "#b3140d", select: "#10181d",
};

const night: MapPalette = {
  land: "#100504", urban: "#150706", oldTown: "#190807", industrial: "#140606", green: "#120605", wood: "#110505",
  rock: "#1d0a08", beach: "#180807", square: "#1d0a08", water: "#060101", shore: "#5c1d16", contour: "#220b09",
  roadCasing: "#0a0302", road: "#270c0a", roadMajor: "#3a120e", rail: "#34100d", runway: "#3a120e", wall: "#6e241b",
  building: "#260c09", landmark: "#4d1812", text: "#d0594a", textWater: "#9c3b30", halo: "#0a0302",
  hillShadow: "#030000", hillLight: "#2a0d0a",
  zone: { prohibited: "#e0392a", restricted: "#b1352a", conditional: "#82281f", open: "#82281f" },
  asset: "#ff8a78", ring: [255, 138, 120], debrisFill: [255, 90, 69], debrisEdge: [255, 151, 135], coverage: "#a3382c", debris: "#ff5a45", debrisLine: "#ff9787", zoneText: "#ff8a78",
  sky: "#060101", horizon: "#1a0705",
  standing: [[205, 84, 68], [160, 56, 44], [140, 48, 38], [232, 92, 74], [255, 90, 72]],
  claim: [184, 69, 58],
  label: "#ff9c8c", labelPlate: "rgba(8,2,1,0.85)", labelMuted: "#d0594a", threat: "#ff5a45", select: "#ffd5cd",
};

export const PALETTES: Record<Theme, MapPalette> = { dark, light, night };
