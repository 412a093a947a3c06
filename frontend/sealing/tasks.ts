/** What the sealing worker can be asked, and the page's side of asking. */

import type { Bytes } from "./bytes";
import type { DraftFile } from "./drafts";
import { b64u } from "./encoding";
import type { Recipients, Sealed } from "./envelope";
import type { Form } from "./form";
import type { Context, Expected } from "./header";
import { ask } from "./working";

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

/** Copies a file that was sealed elsewhere into OPFS, if it is what it must be. */
export interface TakeTask {
  readonly task: "take";
  readonly file: File;
  readonly expected: Expected;
  readonly into: string;
}

/** Encrypts a chosen file into the draft. */
export interface KeepTask {
  readonly task: "keep";
  readonly file: File;
  readonly id: string;
  readonly secret: Bytes;
}

export type Task = SealTask | TakeTask | KeepTask;

/** What is said and signed of a sealed file when it is submitted. */
export interface SealedFile {
  readonly bid: string;
  readonly size: number;
  readonly ctRoot: string;
  readonly headerSha256: string;
  readonly commitment: string;
}

export function described({ header, size, ctRoot }: Sealed): SealedFile {
  return {
    bid: header.context.bid,
    size,
    ctRoot: b64u(ctRoot),
    headerSha256: b64u(header.sha256),
    commitment: b64u(header.commitment),
  };
}

type Result<T extends Task> = T extends KeepTask ? null : SealedFile;

/** Runs one task in a worker of its own. */
export function run<T extends Task>(task: T, progress: (done: number) => void): Promise<Result<T>> {
  const worker = new Worker(`${document.body.dataset["build"] ?? ""}seal.worker.js`, { type: "module" });
  return ask(worker, task, { progress });
}
