/** The sealing worker: reads, encrypts and writes in its own thread. */

import type { Bytes } from "../sealing/bytes";
import { BlockRoot } from "../sealing/digests";
import { draftPiece, keepDraftFile } from "../sealing/drafts";
import { type Progress, type Sealed, seal } from "../sealing/envelope";
import { SealingError } from "../sealing/errors";
import { checkHeader, checkSize, readHeaderOf } from "../sealing/header";
import { blobPiece } from "../sealing/reading";
import { type SealTask, type SealedFile, type TakeTask, type Task, described } from "../sealing/tasks";
import { answer } from "../sealing/working";
import { holdFile, removeFile } from "../store/files";

/** Writes what `make` gives into an OPFS file, which is there afterwards whole or not at all. */
async function written(into: string, make: (write: (block: Bytes) => void) => Promise<Sealed>): Promise<SealedFile> {
  const out = await holdFile(into);
  let at = 0;
  try {
    out.truncate(0);
    const sealed = await make((block) => {
      at += out.write(block, { at });
    });
    out.flush();
    if (at !== sealed.size) throw new SealingError("SOURCE", "the browser's store is full");
    out.close();
    return described(sealed);
  } catch (error) {
    out.close();
    await removeFile(into).catch(() => undefined);
    throw error;
  }
}

async function sealInto({ context, recipients, form, files, secret, into }: SealTask, progress: Progress): Promise<SealedFile> {
  const pieces = await Promise.all(
    files.map(async (file) => ({ name: file.name, part: file.part, content: await draftPiece(file, secret) })),
  );
  return written(into, (write) => seal({ context, recipients, form, files: pieces }, write, progress));
}

async function takeInto({ file, expected, into }: TakeTask, progress: Progress): Promise<SealedFile> {
  const header = await readHeaderOf(file);
  checkHeader(header, expected);
  checkSize(header, file.size);
  return written(into, async (write) => {
    const root = new BlockRoot();
    let done = 0;
    const pass = (blocks: Generator<Bytes>): void => {
      for (const block of blocks) write(block);
    };
    for await (const chunk of blobPiece(file).chunks()) {
      pass(root.blocks(chunk));
      progress((done += chunk.length));
    }
    pass(root.last());
    return { header, size: file.size, ctRoot: await root.digest() };
  });
}

answer<Task, SealedFile | null>(async (task, { progress }) => {
  if (task.task === "seal") return sealInto(task, progress);
  if (task.task === "take") return takeInto(task, progress);
  await keepDraftFile(task.file, task.id, task.secret, progress);
  return null;
});
