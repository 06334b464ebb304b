/** What this browser remembers: theme, sound, who is on watch. The address may overrule the theme. */

export const THEMES = ["dark", "light", "night"] as const;
export type Theme = (typeof THEMES)[number];

function read(key: string): string | null {
  try {
    return localStorage.getItem(`skykeep.${key}`);
  } catch {
    return null; // storage forbidden: the page works, it only forgets
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`skykeep.${key}`, value);
  } catch {
    // as above
  }
}

function firstTheme(): Theme {
  const asked = new URLSearchParams(location.search).get("theme") ?? read("theme");
  const plain = asked === "night-red" ? "night" : asked;
  return THEMES.find((theme) => theme === plain) ?? "dark";
}

class Preferences {
  theme: Theme = $state(firstTheme());
  sound: boolean = $state(read("sound") === "on");
  watchPerson: string = $state(read("watch") ?? "");

  setTheme(theme: Theme): void {
    this.theme = theme;
    write("theme", theme);
  }
  setSound(on: boolean): void {
    this.sound = on;
    write("sound", on ? "on" : "off");
  }
  setWatchPerson(id: string): void {
    this.watchPerson = id;
    write("watch", id);
  }
}
export const preferences = new Preferences();
