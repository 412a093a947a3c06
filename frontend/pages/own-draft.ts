/** The draft of a lot, and what to say when the key at hand is not the one it was made with. */

import type { Bytes } from "../sealing/bytes";
import { type Draft, loadDraft } from "../sealing/drafts";
import { SealingError } from "../sealing/errors";
import { refusal, say } from "../ui/words";

const WORDS = {
  what: { zh: "本机的草稿是用另一把密钥编制的", en: "The draft on this machine was made with another key" },
  why: { zh: "现在载入的开标密钥打不开它。", en: "The opening key loaded now does not open it." },
  todo: { zh: "请到编制页载入原来的密钥，或清空草稿重新填写。", en: "On the drafting page, load the former key or begin anew." },
  build: { zh: "去编制投标文件", en: "Go to the bid's form" },
} as const;

/** The draft, or null when it was made with another key. */
export async function draftUnder(place: string, secret: Bytes): Promise<Draft | null> {
  try {
    return await loadDraft(place, secret);
  } catch (error) {
    if (error instanceof SealingError && error.code === "WRONG_KEY") return null;
    throw error;
  }
}

/** The draft where nothing else will do; refused with the way to the page where it can be mended. */
export async function ownDraft(place: string, secret: Bytes, build: string): Promise<Draft> {
  const draft = await draftUnder(place, secret);
  if (draft) return draft;
  throw refusal("B-292", WORDS.what, WORDS.why, WORDS.todo, {}, { href: build, words: say(WORDS.build) });
}
