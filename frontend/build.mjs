// Bundles every entry of frontend/entries into static/build (or `--out DIR`) and draws the sprite.
//
// `*.ts` become ES modules that share chunks, except `boot.ts`, which must run before the first
// paint and is therefore a classic script. `*.css` become style sheets. Names carry no hash: equal
// sources must give equal bytes, and `SHA256SUMS` lists them all; its own hash stands in notices.
// `offline.html` is the one page that needs no other file.
//
// Everything is made aside and then moved over file by file: pages that are open, and builds that
// run at the same time, never meet a folder that is half empty.

import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

import { bootstrapParts } from "./bootstrap-parts.mjs";
import { offlinePage } from "./offline-page.mjs";

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

/** The drawings of icons, each once; `wanted` chooses among those of names.json. */
async function symbols(wanted = () => true) {
  const names = JSON.parse(await readFile(join(here, "icons", "names.json"), "utf8"));
  const icons = join(root, "node_modules", "@tabler", "icons", "icons");
  const chosen = [...names.outline.map((name) => ["outline", name]), ...names.filled.map((name) => ["filled", name])];
  const drawn = await Promise.all(
    chosen.filter(([, name]) => wanted(name)).map(async ([kind, name]) => {
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
    }),
  );
  return drawn.join("");
}

async function sprite() {
  await writeFile(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${await symbols()}</svg>\n`);
}

async function offline() {
  const wanted = new Set(["circle-check", "circle-x", "printer"]);
  await offlinePage({ here, out, shared, symbols: () => symbols((name) => wanted.has(name)) });
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

async function madeFiles() {
  return (await readdir(out, { recursive: true, withFileTypes: true }))
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name).slice(out.length + 1));
}

/** Lists every file with its hash, as `sha256sum` does, sorted by the bytes of the names. */
async function list() {
  const names = (await madeFiles()).sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  const lines = await Promise.all(
    names.map(async (name) => `${createHash("sha256").update(await readFile(join(out, name))).digest("hex")}  ${name}\n`),
  );
  await writeFile(join(out, "SHA256SUMS"), lines.join(""));
}

/** Moves what was made into place; what an older build left there goes afterwards. */
async function publish() {
  const made = await madeFiles();
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
  await offline();
  const contexts = await Promise.all(builds.map((options) => esbuild.context(options)));
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  try {
    await Promise.all([...builds.map((options) => esbuild.build(options)), offline()]);
    await list();
    await publish();
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
