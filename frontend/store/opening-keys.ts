/** Opening keys kept on this machine for one person: usable, not readable, and never the only copy. */

import type { OpeningKey } from "../sealing/keys";
import { get, put, remove } from "./database";

function keyPlace(kid: string): string {
  return `${document.body.dataset["person"] ?? ""}/kid/${kid}`;
}

function lotPlace(lot: string): string {
  return `${document.body.dataset["person"] ?? ""}/lot/${lot}`;
}

/** Keeps a key; with a lot, also that this lot's bid is made with it. */
export async function rememberKey(key: OpeningKey, lot?: string): Promise<void> {
  await put("opening-keys", keyPlace(key.kid), key);
  if (lot) await put("opening-keys", lotPlace(lot), key.kid);
}

/** The key of this kid, if it is on this machine. */
export async function recallKey(kid: string): Promise<OpeningKey | null> {
  return (await get<OpeningKey>("opening-keys", keyPlace(kid))) ?? null;
}

/** The key a lot's bid is made with, if it is on this machine. */
export async function recallLotKey(lot: string): Promise<OpeningKey | null> {
  const kid = await get<string>("opening-keys", lotPlace(lot));
  return kid === undefined ? null : recallKey(kid);
}

export async function forgetKey(kid: string): Promise<void> {
  await remove("opening-keys", keyPlace(kid));
}
