/** Opening keys kept on this machine for one person: usable, not readable, and never the only copy. */

import type { OpeningKey } from "../sealing/keys";
import { get, put, remove } from "./database";

function place(kid: string): string {
  return `${document.body.dataset["person"] ?? ""}/${kid}`;
}

export async function rememberKey(key: OpeningKey): Promise<void> {
  await put("opening-keys", place(key.kid), key);
}

export async function recallKey(kid: string): Promise<OpeningKey | null> {
  return (await get<OpeningKey>("opening-keys", place(kid))) ?? null;
}

export async function forgetKey(kid: string): Promise<void> {
  await remove("opening-keys", place(kid));
}
