/** A delivery that can be broken off and taken up again: the sealed bytes and all that is said of them. */

import type { SealedFile } from "../sealing/tasks";
import { get, put, remove } from "../store/database";
import { draftStamp } from "../store/drafts";
import { readFile, removeFile } from "../store/files";

export interface Job extends SealedFile {
  /** Where the sealed bytes lie on this machine. */
  readonly file: string;
  readonly command: string;
  readonly docVersion: number;
  /** Of the draft it was sealed from; null where it was sealed elsewhere. */
  readonly draft: string | null;
  readonly uploadUrl: string | null;
}

export async function keepJob(place: string, job: Job): Promise<Job> {
  await put("jobs", place, job);
  return job;
}

export async function forgetJob(place: string, job: Job): Promise<void> {
  await removeFile(job.file);
  await remove("jobs", place);
}

/** A job whose sealed bytes are still whole; anything else is begun anew with fresh keys. */
export async function unfinishedJob(place: string, currentVersion: number): Promise<Job | null> {
  const job = await get<Job>("jobs", place);
  if (!job) return null;
  const file = await readFile(job.file);
  // Sealed for documents that have changed since: what is read out would speak of the old ones.
  const asDrafted = job.docVersion === currentVersion && job.draft === (await draftStamp(place));
  if (file?.size === job.size && (job.draft === null || asDrafted)) return job;
  await forgetJob(place, job);
  return null;
}
