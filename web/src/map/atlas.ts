/** The symbol atlas, drawn once per palette from its SVG to a canvas that the map and the plan view share. */
import dayUrl from "./symbols-day.svg?url";
import nightUrl from "./symbols-night.svg?url";
import type { Theme } from "../state/preferences.svelte";
import { ATLAS_COLUMNS, ATLAS_ROWS, CELL } from "./symbolKeys";

export function atlasUrl(theme: Theme): string {
  return theme === "night" ? nightUrl : dayUrl;
}

const drawn = new Map<string, Promise<HTMLCanvasElement>>();

async function draw(url: string): Promise<HTMLCanvasElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = ATLAS_COLUMNS * CELL;
  canvas.height = ATLAS_ROWS * CELL;
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

export function atlasCanvas(theme: Theme): Promise<HTMLCanvasElement> {
  const url = atlasUrl(theme);
  let canvas = drawn.get(url);
  if (canvas === undefined) {
    canvas = draw(url);
    drawn.set(url, canvas);
  }
  return canvas;
}
