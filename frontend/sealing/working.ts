/** One task for one worker: how a page asks and how the worker answers. */

import type { Bytes } from "./bytes";
import { type Code, SealingError } from "./errors";

const REPORT_MS = 100;
/** The page has taken a block and wants the next one. */
const TAKEN = "taken";

type Reply<T> =
  | { readonly kind: "progress"; readonly done: number }
  | { readonly kind: "block"; readonly block: Bytes }
  | { readonly kind: "done"; readonly result: T }
  | { readonly kind: "failed"; readonly code: string; readonly detail: string };

/** What a page does while its worker works. */
export interface Hearing {
  readonly progress: (done: number) => void;
  /** Takes a block; the worker makes no other before this is done, so that memory stays bounded. */
  readonly block?: (block: Bytes) => Promise<void>;
}

/** What a worker tells its page while it works. */
export interface Telling {
  readonly progress: (done: number) => void;
  readonly block: (block: Bytes) => Promise<void>;
}

/** Gives a fresh worker its one task; the page stays quick, and memory is given back at the end. */
export function ask<T>(worker: Worker, task: unknown, { progress, block }: Hearing): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Reply<T>>) => {
      if (data.kind === "progress") progress(data.done);
      else if (data.kind === "done") resolve(data.result);
      else if (data.kind === "block") void block?.(data.block).then(() => worker.postMessage(TAKEN), reject);
      else reject(data.code ? new SealingError(data.code as Code, data.detail) : new Error(data.detail));
    };
    worker.onerror = (event) => reject(new Error(event.message || "the worker did not start"));
    worker.postMessage(task);
  }).finally(() => worker.terminate());
}

/** The worker's side: does the one task it is given. */
export function answer<K, T>(work: (task: K, telling: Telling) => Promise<T>): void {
  const reply = (said: Reply<T>): void => postMessage(said);
  let taken: () => void = () => undefined;
  let reported = 0;
  const telling: Telling = {
    progress: (done) => {
      const now = performance.now();
      if (now - reported < REPORT_MS) return;
      reported = now;
      reply({ kind: "progress", done });
    },
    block: (block) =>
      new Promise((resolve) => {
        taken = resolve;
        reply({ kind: "block", block });
      }),
  };
  onmessage = ({ data }: MessageEvent<K | typeof TAKEN>) => {
    if (data === TAKEN) return taken();
    work(data as K, telling).then(
      (result) => reply({ kind: "done", result }),
      (error: unknown) => {
        const known = error instanceof SealingError;
        reply({ kind: "failed", code: known ? error.code : "", detail: known ? error.detail : String(error) });
      },
    );
  };
}
