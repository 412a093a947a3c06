/**
 * Getting at the opening key a page needs: from this machine, or from its key file.
 *
 * `[data-hp=key-gate]` holds `[data-part=load]` with inputs `file` and `passphrase` and a button
 * `open`; it shows itself only when the key is not on this machine.
 */

import { SealingError } from "../sealing/errors";
import { type OpeningKey, readPublic, unwrap } from "../sealing/keys";
import { recallKey, rememberKey } from "../store/opening-keys";
import { need, part } from "../ui/dom";
import { busily } from "../ui/telling";

/** Reads the chosen file of an input. */
export async function chosenFile(input: HTMLInputElement): Promise<Uint8Array<ArrayBuffer>> {
  const file = input.files?.[0];
  if (!file || file.size > 65536) {
    input.focus();
    throw new SealingError("KEY_FILE", "no key file chosen");
  }
  return new Uint8Array(await file.arrayBuffer());
}

/** The key of this kid; asks for the key file if need be, and waits until it is the right one. */
export async function openingKey(within: ParentNode, kid: string): Promise<OpeningKey> {
  const gate = need('[data-hp="key-gate"]', within);
  const kept = await recallKey(kid);
  gate.hidden = kept !== null;
  if (kept) return kept;
  part(gate, "kid").textContent = kid;
  const button = part<HTMLButtonElement>(gate, "open");
  return new Promise((resolve) => {
    button.addEventListener("click", () => {
      void busily(gate, button, async () => {
        const data = await chosenFile(part<HTMLInputElement>(gate, "file"));
        if ((await readPublic(data)).kid !== kid) throw new SealingError("WRONG_KEY");
        const passphrase = part<HTMLInputElement>(gate, "passphrase");
        const key = await unwrap(data, passphrase.value);
        passphrase.value = "";
        await rememberKey(key);
        gate.hidden = true;
        resolve(key);
      });
    });
  });
}
