/** Which language the page's own words are in, and which way they run. */
import { ar } from "./ar";
import { en, type Catalogue, type Key } from "./en";
import { fr } from "./fr";

export type Lang = "en" | "ar" | "fr";
const CATALOGUES: Record<Lang, Catalogue> = { en, ar, fr };

function wanted(): Lang {
  const asked = new URLSearchParams(location.search).get("lang");
  return asked !== null && asked in CATALOGUES ? (asked as Lang) : "en";
}

class Language {
  lang: Lang = $state(wanted());
  get rtl(): boolean {
    return this.lang === "ar";
  }
}
export const language = new Language();

/** Say `key` in the chosen language, `{name}` replaced from `values`. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text = CATALOGUES[language.lang][key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Say a key built from a table's name, or the name itself where the catalogue lacks it. */
export function tName(prefix: string, name: string): string {
  const key = `${prefix}_${name}`;
  return key in en ? t(key as Key) : name.replace(/_/g, " ");
}
