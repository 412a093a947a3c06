/** The page in which `sealing` measures Chromium: `bench.NAME()` answers in milliseconds. */

import { random } from "../frontend/sealing/bytes";
import type { DraftFile } from "../frontend/sealing/drafts";
import { run } from "../frontend/sealing/tasks";
import { CONTEXT, FORM, publicKey } from "./_sealing_scene";
import type { Measure } from "./_sealing_worker";

const SECRET = random(32);
let draft: DraftFile;

/** What the tester chose, as a bidder chooses a file. */
function chosen(): File {
  const file = document.querySelector("input")?.files?.[0];
  if (!file) throw new Error("no file was chosen");
  return file;
}

/** One measure in a fresh worker, since the product too gives each sealing a worker of its own. */
function measure(name: Measure): Promise<number> {
  const worker = new Worker("/_sealing_worker.js", { type: "module" });
  return new Promise<number>((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message || "the worker did not start"));
    worker.onmessage = ({ data }: MessageEvent<number | string>) => {
      if (typeof data === "number") resolve(data);
      else reject(new Error(data));
    };
    worker.postMessage([name, chosen()]);
  }).finally(() => worker.terminate());
}

/** Lays the chosen file encrypted into the draft, by the product's own worker. */
async function keep(): Promise<number> {
  const file = chosen();
  draft = { id: "bench", name: file.name, part: "technical", size: file.size };
  return timed({ task: "keep", file, id: draft.id, secret: SECRET });
}

/** Seals the draft into the browser's store, by the product's own worker: what a bidder waits for. */
async function act(): Promise<number> {
  const recipients = { bidder: await publicKey(), host: await publicKey() };
  return timed({ task: "seal", context: CONTEXT, recipients, form: FORM, files: [draft], secret: SECRET, into: "bench" });
}

async function timed(task: Parameters<typeof run>[0]): Promise<number> {
  const begun = performance.now();
  await run(task, () => undefined);
  return performance.now() - begun;
}

Object.assign(window, { bench: { keep, act, measure } });
