/**
 * `[data-hp=host-key]`: the ceremony in which the tenderer makes the host key of a tender.
 *
 * Three people type three passphrases; three files are downloaded; each must be loaded again, and
 * every two of them must make the key. Then the public half is registered, and the server's re-load
 * test is answered with the key just put together.
 */

import { b64u } from "../sealing/encoding";
import { SealingError } from "../sealing/errors";
import { type OpeningKey, generateRaw, supported } from "../sealing/keys";
import { type Holding, combine, openHolding, split } from "../sealing/splitting";
import { spell } from "../sealing/canonical";
import { suiteOf } from "../sealing/suites";
import { postAct } from "../signing/act";
import { download } from "../ui/download";
import { element, fact, need, onPage, part } from "../ui/dom";
import { busily, tell, tellDone, tellError } from "../ui/telling";
import { say } from "../ui/words";
import { answerChallenge } from "./host-test";
import { chosenFile } from "./key-gate";
import { agreedPassphrase, unsupported } from "./opening-key";

const HOLDERS = [1, 2, 3] as const;
const WORDS = {
  made: {
    zh: "三个持有人文件已下载。请分别交给三位持有人保管，再逐一重新载入核对。",
    en: "Three holder files were downloaded. Give each to its holder, then load each again.",
  },
  loaded: { zh: "第 {holder} 位持有人的文件可用", en: "The file of holder {holder} works" },
  checked: {
    zh: "三个文件均可用，任意两个都能还原密钥，指纹 {kid}。公钥已登记，试装通过。",
    en: "All three work, any two make the key; fingerprint {kid}. Registered, and the re-load test passed.",
  },
  next: { zh: "继续", en: "Continue" },
} as const;

function holderBox(module: HTMLElement, holder: number): HTMLElement {
  return need(`[data-holder="${holder}"]`, module);
}

async function make(module: HTMLElement): Promise<string> {
  const passphrases = HOLDERS.map((holder) => {
    const box = holderBox(module, holder);
    return agreedPassphrase(part<HTMLInputElement>(box, "passphrase"), part<HTMLInputElement>(box, "passphrase-again"));
  });
  const key = await generateRaw(suiteOf(part<HTMLSelectElement>(module, "suite").value));
  const files = await split(key, passphrases, fact(module, "label").slice(0, 200));
  key.private.fill(0);
  for (const [index, file] of files.entries()) {
    download(file, `${fact(module, "filename")}-${key.kid.slice(0, 8)}-${index + 1}.holder.json`);
  }
  for (const holder of HOLDERS) {
    const box = holderBox(module, holder);
    part<HTMLInputElement>(box, "passphrase").value = part<HTMLInputElement>(box, "passphrase-again").value = "";
    part(box, "new").hidden = true;
    part(box, "reload").hidden = false;
  }
  return key.kid;
}

/** Every pair must make the key: three holdings say nothing about which two will come. */
async function checkPairs(holdings: ReadonlyMap<number, Holding>): Promise<OpeningKey> {
  const [one, two, three] = HOLDERS.map((holder) => holdings.get(holder));
  if (!one || !two || !three) throw new SealingError("KEY_FILE", "a holder's file is missing");
  await combine(one, two);
  await combine(one, three);
  return combine(two, three);
}

async function register(module: HTMLElement, key: OpeningKey): Promise<void> {
  const holders = HOLDERS.map((holder) => ({ name: part<HTMLInputElement>(holderBox(module, holder), "name").value.trim() }));
  const reply = await postAct(fact(module, "url"), {
    kid: key.kid,
    suite: key.suite,
    public_key: b64u(key.public),
    holders: spell(holders),
  });
  await answerChallenge(fact(module, "testUrl"), reply["challenge"], key);
}

/** The checklist of the page was drawn before there was a key. */
function offerNext(module: HTMLElement): void {
  const next = element("button", "btn btn-primary", say(WORDS.next));
  next.type = "button";
  next.addEventListener("click", () => location.reload());
  part(module, "status").append(element("p", "action-bar", next));
}

function start(module: HTMLElement): void {
  let kid = "";
  const holdings = new Map<number, Holding>();
  const button = part<HTMLButtonElement>(module, "make");
  void supported().then((works) => {
    if (works) return;
    button.disabled = true;
    tellError(module, unsupported());
  });
  button.addEventListener("click", () => {
    void busily(module, button, async () => {
      kid = await make(module);
      holdings.clear();
      button.hidden = true;
      part(module, "suites").hidden = true;
      tell(module, say(WORDS.made));
    });
  });
  for (const holder of HOLDERS) {
    const box = holderBox(module, holder);
    const check = part<HTMLButtonElement>(box, "check");
    check.addEventListener("click", () => {
      void busily(module, check, async () => {
        const words = part<HTMLInputElement>(box, "reload-passphrase");
        const holding = await openHolding(await chosenFile(part<HTMLInputElement>(box, "reload-file")), words.value);
        if (holding.holder !== holder || (kid && holding.kid !== kid)) throw new SealingError("WRONG_KEY");
        words.value = "";
        holdings.set(holder, holding);
        part(box, "state").textContent = say(WORDS.loaded, { holder });
        if (holdings.size < HOLDERS.length) return;
        const key = await checkPairs(holdings);
        await register(module, key);
        holdings.clear();
        module.dataset["state"] = "registered";
        tellDone(module, say(WORDS.checked, { kid: key.kid }));
        offerNext(module);
      });
    });
  }
}

export function startHostKey(): void {
  onPage("host-key", start);
}
