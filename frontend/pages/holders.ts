/** Two holder files of a page become the host key, in this page's memory only. */

import { SealingError } from "../sealing/errors";
import type { OpeningKey } from "../sealing/keys";
import { combine, openHolding } from "../sealing/splitting";
import { all, fact, part } from "../ui/dom";
import { chosenFile } from "./key-gate";

/** The host key of `data-kid`, made from the two `[data-holder]` boxes of the module. */
export async function heldKey(module: HTMLElement): Promise<OpeningKey> {
  const holdings = [];
  for (const box of all("[data-holder]", module)) {
    const words = part<HTMLInputElement>(box, "passphrase");
    holdings.push(await openHolding(await chosenFile(part<HTMLInputElement>(box, "file")), words.value));
    words.value = "";
  }
  const [one, other] = holdings;
  if (!one || !other) throw new SealingError("KEY_FILE", "two holder files are needed");
  const key = await combine(one, other);
  if (key.kid !== fact(module, "kid")) throw new SealingError("WRONG_KEY", "the key of another tender");
  return key;
}
