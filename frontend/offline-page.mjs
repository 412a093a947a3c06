// The offline page: everything of frontend/offline in one HTML file that needs nothing else.
//
// Its policy names its own script and style by hash and forbids every connection, so that the page
// cannot send what it is given even if it wanted to.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import * as esbuild from "esbuild";

const hashOf = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** One entry as the text of one classic or module script, or of one style sheet. */
async function textOf(shared, entry, more = {}) {
  const { outdir: _, outbase: __, ...options } = shared;
  const made = await esbuild.build({ ...options, ...more, entryPoints: [entry], write: false, outdir: "offline" });
  return made.outputFiles[0].text;
}

/** What stands inside an element ends where its end tag stands, whatever the language inside. */
function inside(element, text) {
  if (new RegExp(`</${element}|<!--`, "i").test(text)) throw new Error(`the ${element} would end early`);
  return text;
}

/** Writes `offline.html` into `out`; `symbols` gives the drawings of named icons. */
export async function offlinePage({ here, out, shared, symbols }) {
  const folder = join(here, "offline");
  const worker = await textOf(shared, join(folder, "worker.ts"), { format: "iife" });
  const define = { WORKER_PROGRAM: JSON.stringify(worker) };
  const script = inside("script", await textOf(shared, join(folder, "page.ts"), { format: "esm", define }));
  const style = inside("style", await textOf(shared, join(folder, "page.css")));
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)} 'wasm-unsafe-eval'`,
    `style-src ${hashOf(style)}`,
    "worker-src blob:",
    "img-src data:",
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");
  const icons = `<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0" aria-hidden="true">${await symbols()}</svg>`;
  const page = await readFile(join(folder, "page.html"), "utf8");
  const whole = page.replace(/\{\{(\w+)\}\}/g, (_, name) => ({ policy, style, icons, script })[name]);
  await writeFile(join(out, "offline.html"), whole);
}
