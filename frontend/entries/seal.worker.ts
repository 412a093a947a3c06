/** The sealing worker: reads, encrypts and writes in its own thread. */

import { draftPiece, keepDraftFile } from "../sealing/drafts";
import { b64u } from "../sealing/encoding";
import { seal } from "../sealing/envelope";
import { SealingError } from "../sealing/errors";
import type { Reply, SealTask, SealedFile, Task } from "../sealing/tasks";
import { holdFile, removeFile } from "../store/files";

const REPORT_MS = 100;
let reported = 0;

function tell(reply: Reply): void {
  postMessage(reply);
}

function progress(done: number): void {
  const now = performance.now();
  if (now - reported < REPORT_MS) return;
  reported = now;
  tell({ kind: "progress", done });
}

async function sealInto(task: SealTask): Promise<SealedFile> {
  const files = await Promise.all(
    task.files.map(async (file) => ({ name: file.name, part: file.part, content: await draftPiece(file, task.secret) })),
  );
  const out = await holdFile(task.into);
  let at = 0;
  try {
    out.truncate(0);
    const bid = { context: task.context, recipients: task.recipients, form: task.form, files };
    const sealed = await seal(
      bid,
      (block) => {
        at += out.write(block, { at });
      },
      progress,
    );
    out.flush();
    if (at !== sealed.size) throw new SealingError("SOURCE", "the browser's store is full");
    return {
      size: sealed.size,
      ctRoot: b64u(sealed.ctRoot),
      headerSha256: b64u(sealed.header.sha256),
      commitment: b64u(sealed.header.commitment),
    };
  } finally {
    out.close();
  }
}

onmessage = ({ data }: MessageEvent<Task>) => {
  void (async () => {
    try {
      if (data.task === "seal") {
        tell({ kind: "done", sealed: await sealInto(data) });
      } else {
        await keepDraftFile(data.file, data.id, data.secret, progress);
        tell({ kind: "done", sealed: null });
      }
    } catch (error) {
      if (data.task === "seal") await removeFile(data.into).catch(() => undefined);
      const known = error instanceof SealingError;
      tell({ kind: "failed", code: known ? error.code : "", detail: known ? error.detail : String(error) });
    }
  })();
};
