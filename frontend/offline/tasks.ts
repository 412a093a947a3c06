/** What the offline page has its worker do: the long work on large files. */

import type { Recipients } from "../sealing/envelope";
import type { Form } from "../sealing/form";
import type { Context } from "../sealing/header";
import type { PartOfBid } from "../sealing/package";
import type { SealedFile } from "../sealing/tasks";
import { type Hearing, ask } from "../sealing/working";

/** The worker's whole program; the build puts it here, since there is nothing to load it from. */
declare const WORKER_PROGRAM: string;

/** Seals files as they lie on the disk; the sealed bytes come back block by block. */
export interface SealTask {
  readonly task: "seal";
  readonly context: Context;
  readonly recipients: Recipients;
  readonly form: Form;
  readonly files: readonly { readonly name: string; readonly part: PartOfBid; readonly file: File }[];
}

/** Reads a sealed file once for everything that can be said of it without opening it. */
export interface MeasureTask {
  readonly task: "measure";
  readonly file: File;
}

export interface Measured {
  readonly header: string;
  readonly sealed: SealedFile;
  readonly ctSha256: string;
  readonly ctSm3: string;
  readonly formCtSha256: string;
}

export type Task = SealTask | MeasureTask;
type Result<T extends Task> = T extends SealTask ? SealedFile : Measured;

export async function run<T extends Task>(task: T, hearing: Hearing): Promise<Result<T>> {
  const address = URL.createObjectURL(new Blob([WORKER_PROGRAM], { type: "text/javascript" }));
  try {
    return await ask<Result<T>>(new Worker(address), task, hearing);
  } finally {
    URL.revokeObjectURL(address);
  }
}
