/** A shape drawn on the map with terra-draw: a polygon or a circle, one at a time. Only the wrapper uses this. */
import type { Map as MapLibreMap } from "maplibre-gl";
import {
  TerraDraw, TerraDrawCircleMode, TerraDrawPolygonMode, TerraDrawSelectMode, ValidateNotSelfIntersecting,
  type GeoJSONStoreFeatures, type HexColor,
} from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import type { LonLat } from "../protocol/messages";
import type { Theme } from "../state/preferences.svelte";
import { closed, ringOf, shapeOfRing } from "./geometry";
import { PALETTES } from "./palette";
import type { DrawMode, Shape } from "./view";

const MODES: Record<Exclude<DrawMode, "off">, string> = { polygon: "polygon", circle: "circle", edit: "select" };
const ID = "drawn";
/** A circle is taken hold of at so many points. */
const HANDLES = 32;
type OnShape = (shape: Shape | null) => void;

export class Drawing {
  private draw: TerraDraw | null = null;
  private mode: DrawMode = "off";
  private shape: Shape | null = null;
  private onShape: OnShape = () => {};
  private told = "";
  /** Taking a shape off to put another one on is not deleting it. */
  private showing = false;

  constructor(private readonly map: MapLibreMap, private theme: Theme) {}

  get active(): boolean {
    return this.mode !== "off";
  }

  set(mode: DrawMode, shape: Shape | null, onShape: OnShape): void {
    this.onShape = onShape;
    const isOurs = JSON.stringify(shape) === this.told;
    this.shape = shape;
    const changed = mode !== this.mode;
    this.mode = mode;
    if (mode === "off") {
      this.stop();
      return;
    }
    if (this.draw === null) this.start();
    else if (!isOurs) this.show(this.draw);
    if (changed && this.draw !== null) this.begin(this.draw, mode);
  }

  /** Change the map's style beneath what is drawn. */
  over(theme: Theme, change: () => void): void {
    this.theme = theme;
    const drawn = this.active;
    if (drawn) this.stop();
    change();
    if (drawn) void this.map.once("style.load", () => this.active && this.draw === null && this.start());
  }

  stop(): void {
    this.draw?.stop();
    this.draw = null;
    this.told = "";
    this.map.getCanvas().style.cursor = "";
  }

  private start(): void {
    const color = PALETTES[this.theme].select as HexColor;
    const point = PALETTES[this.theme].halo as HexColor;
    const outline = { fillColor: color, fillOpacity: 0.15, outlineColor: color, outlineWidth: 2.5 } as const;
    const flags = { feature: { draggable: true, coordinates: { midpoints: true, draggable: true, deletable: true } } };
    const handles = { selectionPointWidth: 6, selectionPointColor: color, selectionPointOutlineColor: point, selectionPointOutlineWidth: 2 } as const;
    const draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map: this.map, coordinatePrecision: 9 }),
      modes: [
        new TerraDrawPolygonMode({
          styles: { ...outline, closingPointColor: color, closingPointOutlineColor: point, closingPointWidth: 6 },
          validation: (feature, { updateType }) =>
            updateType === "finish" || updateType === "commit" ? ValidateNotSelfIntersecting(feature) : { valid: true },
        }),
        new TerraDrawCircleMode({ styles: outline, projection: "globe", segments: HANDLES }),
        new TerraDrawSelectMode({
          flags: {
            polygon: { feature: { ...flags.feature, selfIntersectable: false } },
            circle: { feature: { draggable: true, coordinates: { resizable: "center-fixed" } } },
          },
          styles: {
            selectedPolygonColor: color, selectedPolygonFillOpacity: 0.2, selectedPolygonOutlineColor: color,
            selectedPolygonOutlineWidth: 2.5, ...handles, midPointColor: point, midPointOutlineColor: color, midPointWidth: 4, midPointOutlineWidth: 2,
          },
        }),
      ],
      idStrategy: { isValidId: (id) => typeof id === "string", getId: () => `${ID}-${crypto.getRandomValues(new Uint32Array(2)).join("-")}` },
    });
    draw.start();
    draw.on("finish", () => this.finished(draw));
    draw.on("change", (_, type) => type === "delete" && !this.showing && this.mode === "edit" && this.outline(draw) === undefined && this.tell(null));
    this.draw = draw;
    this.show(draw);
    if (this.mode !== "off") this.begin(draw, this.mode);
  }

  /** Begin a mode; a new shape takes the place of the one before only when it is finished. */
  private begin(draw: TerraDraw, mode: Exclude<DrawMode, "off">): void {
    draw.setMode(MODES[mode]);
    const drawn = this.outline(draw);
    if (mode === "edit" && drawn?.id !== undefined) draw.selectFeature(drawn.id);
  }

  private outline(draw: TerraDraw): GeoJSONStoreFeatures | undefined {
    return draw.getSnapshot().filter((feature) => feature.geometry.type === "Polygon").at(-1);
  }

  private show(draw: TerraDraw): void {
    this.showing = true;
    draw.clear();
    this.showing = false;
    const { shape } = this;
    if (shape === null) return;
    const ring = closed(ringOf(shape, HANDLES)).map(([lon, lat]): LonLat => [Number(lon.toFixed(7)), Number(lat.toFixed(7))]);
    const properties = { mode: shape.kind, ...(shape.kind === "circle" && { radiusKilometers: shape.radius_m / 1000 }) };
    const id = draw.getFeatureId();
    draw.addFeatures([{
      id, type: "Feature", properties: properties as GeoJSONStoreFeatures["properties"], geometry: { type: "Polygon", coordinates: [ring] },
    }]);
    if (this.mode === "edit") draw.selectFeature(id);
  }

  private finished(draw: TerraDraw): void {
    const drawn = this.outline(draw);
    if (drawn === undefined || drawn.geometry.type !== "Polygon") return;
    const others = draw.getSnapshot().filter((feature) => feature.geometry.type === "Polygon" && feature.id !== drawn.id);
    if (others.length > 0) draw.removeFeatures(others.map((feature) => feature.id!));
    const kind = drawn.properties.mode === "circle" ? "circle" : "polygon";
    this.tell(shapeOfRing(kind, drawn.geometry.coordinates[0] as LonLat[]));
  }

  private tell(shape: Shape | null): void {
    this.shape = shape;
    this.told = JSON.stringify(shape);
    this.onShape(shape);
  }
}
