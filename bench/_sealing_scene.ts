/** The bid that the page and the workers of `sealing` seal. */

import type { Bytes } from "../frontend/sealing/bytes";
import { readForm } from "../frontend/sealing/form";
import { DEFAULT } from "../frontend/sealing/suites";

export const CONTEXT = { tender: "T", lot: "L", envelope: "single", bidder: "p", bid: "b", deadline_id: "D" } as const;
const WORDS = { lot: "L", doc_version: 1, price_fen: 1, duration_days: 1, quality: "q", manager: "m" };
export const FORM = readForm({ v: 1, ...WORDS, claims: {}, extra: [] });

/** The public half of a key that nobody keeps. */
export async function publicKey(): Promise<Bytes> {
  const algorithms = await DEFAULT.load();
  return algorithms.publicOf(algorithms.generate());
}
