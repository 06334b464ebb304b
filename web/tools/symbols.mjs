/**
 * Bake the symbols: APP-6 air frames by affiliation (milsymbol) around our own class glyphs, one SVG file per palette.
 *
 * Each file holds every symbol twice: as `<symbol id="hostile-multirotor">` for the page's HTML, and laid out in a
 * grid that the map draws to one texture. The grid's order is in src/map/symbolKeys.ts; `--check` fails when the
 * files in the tree are not what this script makes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import ms from "milsymbol";

const STANDINGS = [["unknown", 1], ["friend", 3], ["neutral", 4], ["suspect", 5], ["hostile", 6]];
const CLASSES = ["multirotor", "fixed_wing", "bird", "aircraft", "other"];
const VERDICTS = ["untested", "consistent", "contradicted"];
const CELL = 96;
const VIEW = "16 16 168 168";

/** fill, frame line, glyph, claim lines */
const PALETTES = {
  day: {
    unknown: ["#f4d35e", "#10161a", "#10161a"],
    friend: ["#6fc3f2", "#10161a", "#10161a"],
    neutral: ["#93d68e", "#10161a", "#10161a"],
    suspect: ["#f7a451", "#10161a", "#10161a"],
    hostile: ["#ff5d57", "#10161a", "#10161a"],
    claim: { untested: "#b9c6cf", consistent: "#6fc3f2", contradicted: "#ff5d57" },
  },
  night: {
    unknown: ["#8f2318", "#ff8a78", "#ffc4b8"],
    friend: ["#1c0604", "#c2483a", "#c2483a"],
    neutral: ["#1c0604", "#a33a2e", "#a33a2e"],
    suspect: ["#c8301f", "#ffb3a6", "#1c0604"],
    hostile: ["#ff4b38", "#ffd5cd", "#1c0604"],
    claim: { untested: "#b8453a", consistent: "#c2483a", contradicted: "#ff4b38" },
  },
};

const rotor = (x, y) => `<circle cx="${x}" cy="${y}" r="12" fill="none" stroke-width="6"/>`;
const GLYPHS = {
  multirotor: `<path d="M74,78 L126,122 M126,78 L74,122" stroke-width="8" fill="none"/>`
    + rotor(74, 78) + rotor(126, 78) + rotor(74, 122) + rotor(126, 122),
  fixed_wing: `<path d="M58,84 L100,104 L142,84 L142,96 L100,124 L58,96 Z" stroke="none"/>`,
  bird: `<path d="M60,98 C70,80 92,82 100,104 C108,82 130,80 140,98" stroke-width="10" fill="none" stroke-linecap="round"/>`,
  aircraft: `<path d="M100,62 c5,0 8,9 8,18 l0,10 34,20 0,10 -34,-9 0,16 11,9 0,8 -19,-5 -19,5 0,-8 11,-9 0,-16 -34,9 0,-10`
    + ` 34,-20 0,-10 c0,-9 3,-18 8,-18 z" stroke="none"/>`,
  other: `<circle cx="100" cy="100" r="13" stroke="none"/>`,
};

function framePath(digit) {
  const svg = new ms.Symbol(`100${digit}010000000000000000`.slice(0, 20), { size: 30, icon: false }).asSVG();
  const found = /<path d="([^"]+)"/.exec(svg);
  if (!found) throw new Error(`no frame for affiliation ${digit}`);
  return found[1];
}

function trackSymbol(standing, digit, kind, palette) {
  const [fill, line, ink] = palette[standing];
  const path = framePath(digit);
  // A suspect's frame is a hostile one that is not closed: broken lines, as the standard has it.
  const broken = standing === "suspect" ? ' stroke-dasharray="20,13"' : "";
  return `<symbol id="${standing}-${kind}" viewBox="${VIEW}"><path d="${path}" fill="${fill}" stroke="${line}"`
    + ` stroke-width="8"${broken}/><g fill="${ink}" stroke="${ink}">${GLYPHS[kind]}</g></symbol>`;
}

/** A claim is hollow: a broken ring around an outline, until a sensor agrees. */
function claimSymbol(verdict, palette) {
  const line = palette.claim[verdict];
  const cross = verdict === "contradicted" ? `<path d="M74,74 L126,126 M126,74 L74,126" stroke-width="9"/>` : "";
  return `<symbol id="claim-${verdict}" viewBox="${VIEW}"><g fill="none" stroke="${line}"><circle cx="100" cy="100" r="52"`
    + ` stroke-width="8" stroke-dasharray="22,12"/>${cross}</g></symbol>`;
}

function atlas(palette) {
  const symbols = [];
  const ids = [];
  for (const [standing, digit] of STANDINGS) {
    for (const kind of CLASSES) {
      symbols.push(trackSymbol(standing, digit, kind, palette));
      ids.push(`${standing}-${kind}`);
    }
  }
  for (const verdict of VERDICTS) {
    symbols.push(claimSymbol(verdict, palette));
    ids.push(`claim-${verdict}`);
  }
  const columns = CLASSES.length;
  const rows = Math.ceil(ids.length / columns);
  const placed = ids.map((id, i) =>
    `<use href="#${id}" x="${(i % columns) * CELL + 4}" y="${Math.floor(i / columns) * CELL + 4}" width="${CELL - 8}" height="${CELL - 8}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${columns * CELL}" height="${rows * CELL}"`
    + ` viewBox="0 0 ${columns * CELL} ${rows * CELL}">\n<defs>\n${symbols.join("\n")}\n</defs>\n${placed.join("\n")}\n</svg>\n`;
}

for (const [name, palette] of Object.entries(PALETTES)) {
  const file = new URL(`../src/map/symbols-${name}.svg`, import.meta.url);
  const made = atlas(palette);
  if (!process.argv.includes("--check")) writeFileSync(file, made);
  else if (readFileSync(file, "utf8") !== made) throw new Error(`symbols-${name}.svg is stale: npm run symbols`);
}
