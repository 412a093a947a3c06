// Bundles every entry of frontend/entries into static/build (or `--out DIR`) and draws the sprite.
//
// `*.ts` become ES modules that share chunks, except `boot.ts`, which must run before the first
// paint and is therefore a classic script. `*.css` become style sheets. Names carry no hash: the
// files' own hashes are published with a release, and equal sources must give equal bytes.
//
// Everything is made aside and then moved over file by file: pages that are open, and builds that
// run at the same time, never meet a folder that is half empty.

import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

import { bootstrapParts } from "./bootstrap-parts.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const watching = process.argv.includes("--watch");
const chosen = process.argv.indexOf("--out");
const place = chosen > 0 ? resolve(process.argv[chosen + 1]) : join(root, "static", "build");
await mkdir(place, { recursive: true });
// Beside the target, on the same file system; the dot keeps it out of everything that lists files.
const out = watching ? place : await mkdtemp(join(dirname(place), ".build-"));
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

/** Moves what was made into place; what an older build left there goes afterwards. */
async function publish() {
  const made = (await readdir(out, { recursive: true, withFileTypes: true }))
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name).slice(out.length + 1));
  for (const name of made) {
    await mkdir(dirname(join(place, name)), { recursive: true });
    await rename(join(out, name), join(place, name));
  }
  const kept = new Set(made);
  for (const one of await readdir(place, { recursive: true, withFileTypes: true })) {
    const path = join(one.parentPath, one.name);
    if (one.isFile() && !kept.has(path.slice(place.length + 1))) await rm(path, { force: true });
  }
}

await sprite();
// What the PDF reader fetches as it needs it: character maps, the standard fonts, image decoders.
for (const part of ["cmaps", "standard_fonts", "wasm"]) {
  await cp(join(root, "node_modules", "pdfjs-dist", part), join(out, "pdf", part), { recursive: true });
}
if (watching) {
  const contexts = await Promise.all(builds.map((options) => esbuild.context(options)));
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  try {
    await Promise.all(builds.map((options) => esbuild.build(options)));
    await publish();
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
