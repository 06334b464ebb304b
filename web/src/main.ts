import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import { perf } from "./state/perf";

declare global {
  interface Window {
    __skykeep: { perf: typeof perf };
  }
}
window.__skykeep = { perf };

mount(App, { target: document.getElementById("app")! });
