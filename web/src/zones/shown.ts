/** Which outlines the map points out: those of what is selected in the list that is open. */
import { ringOf } from "../map/geometry";
import type { DrawMode, Shape } from "../map/view";
import type { LonLat, Permit, Restriction, Volume, Zone } from "../protocol/messages";
import { zoneRings } from "../map/overlays";

export interface Selected {
  permit: Permit | null; restriction: Restriction | null; zoneId: string | null; drawMode: DrawMode; drawnShape: Shape | null;
}

const outlines = (volumes: Volume[]): LonLat[][] => volumes.flatMap((volume) => volume.rings);

export function shownRings(selected: Selected, permitsOpen: boolean, zonesOpen: boolean, zones: Zone[]): LonLat[][] {
  if (permitsOpen && selected.permit !== null) return outlines(selected.permit.scope.volumes);
  if (!zonesOpen) return [];
  // While it is drawn, the drawing shows it.
  if (selected.drawnShape !== null) return selected.drawMode === "off" ? [ringOf(selected.drawnShape)] : [];
  if (selected.restriction !== null) return outlines(selected.restriction.volumes);
  const zone = zones.find((one) => one.id === selected.zoneId);
  return zone === undefined ? [] : zoneRings(zone).flat();
}
