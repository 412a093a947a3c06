/**
 * Getting at the opening key a page needs: from this machine, or from its key file.
 *
 * `[data-hp=key-gate]` holds inputs `file`, `pasted` and `passphrase` and a button `open`; it shows
 * itself only when the key is not on this machine.
 */

import { type Bytes, utf8 } from "../sealing/bytes";
import { SealingError } from "../sealing/errors";
import { type OpeningKey, readPublic, unwrap } from "../sealing/keys";
import { recallKey, recallLotKey, rememberKey } from "../store/opening-keys";
import { need, part } from "../ui/dom";
import { busily } from "../ui/telling";

const LARGEST_KEY_FILE = 65536;

/** Reads the chosen file of an input. */
export async function chosenFile(input: HTMLInputElement): Promise<Uint8Array<ArrayBuffer>> {
  const file = input.files?.[0];
  if (!file || file.size > LARGEST_KEY_FILE) {
    input.focus();
    throw new SealingError("KEY_FILE", "no key file chosen");
  }
  return new Uint8Array(await file.arrayBuffer());
}

/** The key file that was chosen, or the text of its paper form that was pasted. */
export async function givenKey(file: HTMLInputElement, pasted: HTMLTextAreaElement): Promise<Bytes> {
  // A scanner may break the line; the text of a key file has no line ends.
  const text = pasted.value.replace(/[\r\n]+/g, "").trim();
  return file.files?.length || !text ? chosenFile(file) : utf8(text);
}

/** Shows the gate until somebody loaded a key that `fits`. */
function askFor(gate: HTMLElement, lot: string, fits: (kid: string) => boolean): Promise<OpeningKey> {
  gate.hidden = false;
  const button = part<HTMLButtonElement>(gate, "open");
  return new Promise((resolve) => {
    const load = (): void => {
      void busily(gate, button, async () => {
        const data = await givenKey(part<HTMLInputElement>(gate, "file"), part<HTMLTextAreaElement>(gate, "pasted"));
        if (!fits((await readPublic(data)).kid)) throw new SealingError("WRONG_KEY");
        const passphrase = part<HTMLInputElement>(gate, "passphrase");
        const key = await unwrap(data, passphrase.value);
        passphrase.value = part<HTMLTextAreaElement>(gate, "pasted").value = "";
        await rememberKey(key, lot);
        gate.hidden = true;
        button.removeEventListener("click", load);
        resolve(key);
      });
    };
    button.addEventListener("click", load);
  });
}

/** The key to make a lot's bid with: the one kept for it, or any key file the bidder loads. */
export async function lotKey(within: ParentNode, lot: string): Promise<OpeningKey> {
  return (await recallLotKey(lot)) ?? askFor(need('[data-hp="key-gate"]', within), lot, () => true);
}

/** The very key a bid was sealed to. While it is asked for, `button` gives way to the gate's own. */
export async function sealedKey(
  within: ParentNode,
  lot: string,
  kid: string,
  button?: HTMLButtonElement,
): Promise<OpeningKey> {
  const kept = await recallKey(kid);
  if (kept) return kept;
  const gate = need('[data-hp="key-gate"]', within);
  part(gate, "kid").textContent = kid;
  part(gate, "named").hidden = false;
  part(gate, "any").hidden = true;
  if (button) button.hidden = true;
  const key = await askFor(gate, lot, (found) => found === kid);
  if (button) button.hidden = false;
  return key;
}
