import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defaultClientConditions, type Plugin } from "vite";
import { defineConfig } from "vitest/config";

/**
 * The page states its own content security policy, so it holds under any server. Only in the build: the
 * development server injects inline scripts.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const ownPolicy: Plugin = {
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: policy }, injectTo: "head-prepend" },
  ],
};

/** The folder of the package that a bundled module came from, or null for our own. */
function packageFolder(moduleId: string): string | null {
  const path = moduleId.replace(/^\0/, "").split("?")[0] ?? "";
  if (!path.includes("node_modules/")) return null;
  let folder = dirname(path);
  while (!existsSync(join(folder, "package.json")) || !/"version"/.test(readFileSync(join(folder, "package.json"), "utf8"))) {
    folder = dirname(folder);
  }
  return folder;
}

/** Others' work goes out with their licences: one text file of those that are really in the bundle. */
const licences: Plugin = {
  name: "licences",
  apply: "build",
  generateBundle(_, bundle) {
    // The symbols' frames are milsymbol's, though its code stays behind.
    const folders = new Set([join(import.meta.dirname, "node_modules/milsymbol")]);
    for (const chunk of Object.values(bundle)) {
      for (const [id, module] of Object.entries(chunk.type === "chunk" ? chunk.modules : {})) {
        const folder = module.renderedLength > 0 ? packageFolder(id) : null;
        if (folder !== null) folders.add(folder);
      }
    }
    const texts = [...folders].map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
      const file = readdirSync(folder).sort().find((it) => /^(licen[cs]e|copying)/i.test(it));
      return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : "See its package."}\n`;
    });
    this.emitFile({ type: "asset", fileName: "licences.txt", source: texts.sort().join(`\n${"-".repeat(78)}\n\n`) });
  },
};

export default defineConfig({
  base: "./",
  plugins: [svelte(), ownPolicy, licences],
  resolve: {
    // deck.gl without its WebGPU half.
    conditions: ["visgl:webgl-only", ...defaultClientConditions],
  },
  build: {
    outDir: "../src/skykeep/webui",
    emptyOutDir: true,
    sourcemap: false,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2500,
  },
  worker: { format: "es" },
  server: {
    proxy: {
      "/ws": { target: "ws://127.0.0.1:8765", ws: true },
      "/api": "http://127.0.0.1:8765",
      "/tiles": "http://127.0.0.1:8765",
    },
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
