/** What the sealing worker can be asked, and the page's side of asking. */

import { SealingError } from "./errors";
import type { Bytes } from "./bytes";
import type { DraftFile } from "./drafts";
import type { Form } from "./form";
import type { Context } from "./header";
import type { Recipients } from "./envelope";

/** Seals a draft into an OPFS file. */
export interface SealTask {
  readonly task: "seal";
  readonly context: Context;
  readonly recipients: Recipients;
  readonly form: Form;
  readonly files: readonly DraftFile[];
  readonly secret: Bytes;
  readonly into: string;
}

/** Encrypts a chosen file into the draft. */
export interface KeepTask {
  readonly task: "keep";
  readonly file: File;
  readonly id: string;
  readonly secret: Bytes;
}

export type Task = SealTask | KeepTask;

export interface SealedFile {
  readonly size: number;
  readonly ctRoot: string;
  readonly headerSha256: string;
  readonly commitment: string;
}

export type Reply =
  | { readonly kind: "progress"; readonly done: number }
  | { readonly kind: "done"; readonly sealed: SealedFile | null }
  | { readonly kind: "failed"; readonly code: string; readonly detail: string };

/** Runs one task in a worker of its own, so that the page stays quick and memory is given back. */
export function run(task: Task, progress: (done: number) => void): Promise<SealedFile | null> {
  const worker = new Worker(`${document.body.dataset["build"] ?? ""}seal.worker.js`, { type: "module" });
  return new Promise<SealedFile | null>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (data.kind === "progress") progress(data.done);
      else if (data.kind === "done") resolve(data.sealed);
      else reject(data.code ? new SealingError(data.code as SealingError["code"], data.detail) : new Error(data.detail));
    };
    worker.onerror = (event) => reject(new Error(event.message || "the sealing worker did not start"));
    worker.postMessage(task);
  }).finally(() => worker.terminate());
}
