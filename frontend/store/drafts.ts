/** What can be told of a draft on this machine without the key that reads it. */

import type { Bytes } from "../sealing/bytes";
import { b64u } from "../sealing/encoding";
import { get } from "./database";

export interface KeptDraft {
  readonly nonce: Bytes;
  readonly ct: ArrayBuffer;
  /** The ids of its files, so that they can go when nobody can read the draft any more. */
  readonly files: readonly string[];
  /** Whether nothing in it had to be put right when it was saved. */
  readonly ready?: boolean;
}

/** Where a lot's draft lies. */
export function draftPlace(lot: string, envelope: string): string {
  return `${document.body.dataset["person"] ?? ""}/${lot}/${envelope}`;
}

/** A name of the draft as it was last saved, or null when there is none. */
export async function draftStamp(place: string): Promise<string | null> {
  const kept = await get<KeptDraft>("drafts", place);
  return kept ? b64u(kept.nonce) : null;
}

/** Whether the draft was ready to be delivered when it was last saved. */
export async function isDraftReady(place: string): Promise<boolean> {
  return (await get<KeptDraft>("drafts", place))?.ready === true;
}
