// Bundles every entry of frontend/entries into static/build and draws the icon sprite.
//
// `*.ts` become ES modules that share chunks, except `boot.ts`, which must run before the first
// paint and is therefore a classic script. `*.css` become style sheets. Names carry no hash: the
// files' own hashes are published with a release, and equal sources must give equal bytes.

import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

import { bootstrapParts } from "./bootstrap-parts.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const out = join(root, "static", "build");
const CLASSIC = new Set(["boot.ts"]);

const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  sourcemap: false,
  legalComments: "none",
  charset: "utf8",
  target: ["es2022", "chrome120", "firefox128", "safari17"],
  outdir: out,
  outbase: join(here, "entries"),
  logLevel: "warning",
  plugins: [bootstrapParts()],
  loader: { ".svg": "dataurl" },
};

async function sprite() {
  const names = JSON.parse(await readFile(join(here, "icons", "names.json"), "utf8"));
  const icons = join(root, "node_modules", "@tabler", "icons", "icons");
  const symbols = await Promise.all(
    [...names.outline.map((name) => ["outline", name]), ...names.filled.map((name) => ["filled", name])].map(
      async ([kind, name]) => {
        const svg = await readFile(join(icons, kind, `${name}.svg`), "utf8");
        const drawing = svg
          .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
          .replace(/\s*\n\s*/g, "");
        const paint =
          kind === "filled"
            ? 'fill="currentColor"'
            : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
        const id = kind === "filled" ? `${name}-filled` : name;
        return `<symbol id="${id}" viewBox="0 0 24 24" ${paint}>${drawing}</symbol>`;
      },
    ),
  );
  const text = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
  await writeFile(join(out, "icons.svg"), text);
}

const names = (await readdir(join(here, "entries"))).filter((name) => /\.(ts|css)$/.test(name)).sort();
const entry = (name) => join(here, "entries", name);
const builds = [
  {
    ...shared,
    entryPoints: names.filter((name) => !CLASSIC.has(name)).map(entry),
    format: "esm",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
  },
  {
    ...shared,
    entryPoints: names.filter((name) => CLASSIC.has(name)).map(entry),
    format: "iife",
  },
];

await rm(join(out, "chunks"), { recursive: true, force: true });
await mkdir(out, { recursive: true });
await sprite();
// What the PDF reader fetches as it needs it: character maps, the standard fonts, image decoders.
for (const part of ["cmaps", "standard_fonts", "wasm"]) {
  await cp(join(root, "node_modules", "pdfjs-dist", part), join(out, "pdf", part), { recursive: true });
}
if (process.argv.includes("--watch")) {
  const contexts = await Promise.all(builds.map((options) => esbuild.context(options)));
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  await Promise.all(builds.map((options) => esbuild.build(options)));
}
