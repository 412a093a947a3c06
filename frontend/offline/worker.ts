/** The offline page's worker: seals and measures in its own thread, keeps nothing. */

import { createSHA256, createSM3 } from "hash-wasm";

import { type Bytes, sha256 } from "../sealing/bytes";
import { BlockRoot } from "../sealing/digests";
import { b64u } from "../sealing/encoding";
import { type Progress, seal } from "../sealing/envelope";
import { FORM, MAGIC, checkSize, readHeaderOf } from "../sealing/header";
import { blobPiece } from "../sealing/reading";
import { type SealedFile, described } from "../sealing/tasks";
import { type Telling, answer } from "../sealing/working";
import type { MeasureTask, Measured, SealTask, Task } from "./tasks";

const hashed = (hasher: { digest(kind: "binary"): Uint8Array }): string => b64u(hasher.digest("binary"));

async function sealed({ context, recipients, form, files }: SealTask, { progress, block }: Telling): Promise<SealedFile> {
  const packed = files.map(({ name, part, file }) => ({ name, part, content: blobPiece(file) }));
  return described(await seal({ context, recipients, form, files: packed }, block, progress));
}

async function measured({ file }: MeasureTask, progress: Progress): Promise<Measured> {
  const header = await readHeaderOf(file);
  checkSize(header, file.size);
  const [root, whole, sm3] = [new BlockRoot(), await createSHA256(), await createSM3()];
  const drain = (blocks: Generator<Bytes>): void => {
    for (const _ of blocks) continue;
  };
  let done = 0;
  for await (const chunk of blobPiece(file).chunks()) {
    drain(root.blocks(chunk));
    whole.update(chunk);
    sm3.update(chunk);
    progress((done += chunk.length));
  }
  drain(root.last());
  const from = header.prefix.length;
  const form = await file.slice(from, from + header.parts[FORM].ciphertext).arrayBuffer();
  return {
    header: new TextDecoder().decode(header.prefix.subarray(MAGIC.length + 4)),
    sealed: described({ header, size: file.size, ctRoot: await root.digest() }),
    ctSha256: hashed(whole),
    ctSm3: hashed(sm3),
    formCtSha256: b64u(await sha256(new Uint8Array(form))),
  };
}

answer<Task, SealedFile | Measured>(async (task, telling) =>
  task.task === "seal" ? sealed(task, telling) : measured(task, telling.progress),
);
