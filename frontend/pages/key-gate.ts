/**
 * Getting at the opening key a page needs: from this machine, or from its key file.
 *
 * `[data-hp=key-gate]` holds inputs `file`, `pasted` and `passphrase` and a button `open`; it shows
 * itself only when the key is not on this machine.
 */

import { type Bytes, utf8 } from "../sealing/bytes";
import { SealingError } from "../sealing/errors";
import { type OpeningKey, type PublicKey, readPublic, unwrap } from "../sealing/keys";
import type { Suite, SuiteId } from "../sealing/suites";
import { recallKey, recallLotKey, rememberKey } from "../store/opening-keys";
import { need, part } from "../ui/dom";
import { busily } from "../ui/telling";
import { refusal } from "../ui/words";

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

/** Refuses a key with which this lot's bids cannot be made. */
export function checkSuite(found: SuiteId, suite: Suite): void {
  if (found === suite.id) return;
  throw refusal(
    "K-294",
    { zh: "这把密钥不能用于本标段", en: "This key does not serve this lot" },
    { zh: "本项目的投标文件用另一种加密套件（{suite}）。", en: "This tender's bids are sealed with another suite ({suite})." },
    { zh: "请在“开标密钥”页为本标段重新生成密钥。", en: "Make a key for this lot on the page Opening key." },
    { suite: suite.id },
  );
}

/** Shows the gate until somebody loaded a key that passes `check`. */
function askFor(gate: HTMLElement, lot: string, check: (found: PublicKey) => void): Promise<OpeningKey> {
  gate.hidden = false;
  const button = part<HTMLButtonElement>(gate, "open");
  return new Promise((resolve) => {
    const load = (): void => {
      void busily(gate, button, async () => {
        const data = await givenKey(part<HTMLInputElement>(gate, "file"), part<HTMLTextAreaElement>(gate, "pasted"));
        check(await readPublic(data));
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
export async function lotKey(within: ParentNode, lot: string, suite: Suite): Promise<OpeningKey> {
  const kept = await recallLotKey(lot);
  if (kept?.suite === suite.id) return kept;
  return askFor(need('[data-hp="key-gate"]', within), lot, (found) => checkSuite(found.suite, suite));
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
  const key = await askFor(gate, lot, (found) => {
    if (found.kid !== kid) throw new SealingError("WRONG_KEY");
  });
  if (button) button.hidden = false;
  return key;
}
