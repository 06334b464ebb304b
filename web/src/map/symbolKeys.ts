/** Which cell of the symbol atlas stands for what. The order is that of tools/symbols.mjs. */

export const STANDING_KEYS = ["unknown", "friend", "neutral", "suspect", "hostile"] as const;
export const CLASS_KEYS = ["multirotor", "fixed_wing", "bird", "aircraft", "other"] as const;
export const VERDICT_KEYS = ["untested", "consistent", "contradicted"] as const;
export const CELL = 96;
export const ATLAS_COLUMNS = CLASS_KEYS.length;
export const ATLAS_ROWS = STANDING_KEYS.length + 1;
const CLAIMS_FROM = STANDING_KEYS.length * ATLAS_COLUMNS;

export type StandingKey = (typeof STANDING_KEYS)[number];
export type ClassKey = (typeof CLASS_KEYS)[number];

/** A standing the page does not know is drawn as unknown: never as a friend. */
export function standingKey(name: string | undefined): StandingKey {
  const found = STANDING_KEYS.find((key) => key === name?.toLowerCase());
  return found ?? "unknown";
}

export function classKey(name: string | undefined): ClassKey {
  const plain = name?.toLowerCase().replace(/[\s-]+/g, "_");
  return CLASS_KEYS.find((key) => key === plain) ?? "other";
}

export function symbolId(standing: string | undefined, kind: string | undefined): string {
  return `${standingKey(standing)}-${classKey(kind)}`;
}

export function trackCell(standing: string | undefined, kind: string | undefined): number {
  return STANDING_KEYS.indexOf(standingKey(standing)) * ATLAS_COLUMNS + CLASS_KEYS.indexOf(classKey(kind));
}

export function claimCell(verdict: string): number {
  const at = (VERDICT_KEYS as readonly string[]).indexOf(verdict);
  return CLAIMS_FROM + Math.max(0, at);
}

/** deck.gl's icon mapping: a cell number as text to its rectangle, anchored at the middle. */
export function iconMapping(scale: number): Record<string, object> {
  const mapping: Record<string, object> = {};
  for (let cell = 0; cell < CLAIMS_FROM + VERDICT_KEYS.length; cell++) {
    mapping[String(cell)] = {
      x: (cell % ATLAS_COLUMNS) * CELL * scale,
      y: Math.floor(cell / ATLAS_COLUMNS) * CELL * scale,
      width: CELL * scale,
      height: CELL * scale,
      mask: false,
    };
  }
  return mapping;
}
