/**
 * `[data-hp=opening-key]`: makes the bidder's opening key for a lot, has the key file downloaded,
 * and takes it into use only after that very file has been loaded again.
 *
 * Nothing is sent: the server learns the key's name from the header of the sealed bid.
 */

import { SealingError } from "../sealing/errors";
import { MIN_PASSPHRASE, generateRaw, normalise, readPublic, supported, unwrapRaw, guard, wrap } from "../sealing/keys";
import { suiteOf } from "../sealing/suites";
import { recallLotKey, rememberKey } from "../store/opening-keys";
import { download } from "../ui/download";
import { fact, onPage, part } from "../ui/dom";
import { busily, tell, tellDone, tellError } from "../ui/telling";
import { refusal, say } from "../ui/words";
import { checkSuite, givenKey } from "./key-gate";
import { drawKeyPaper } from "./key-paper";

const WORDS = {
  made: {
    zh: "密钥文件已下载。请把它另存一份到可靠的地方，或打印下面的密钥，然后重新载入核对。",
    en: "The key file was downloaded. Keep a second copy in a safe place, or print the key below, then load it again to check it.",
  },
  checked: { zh: "核对通过，指纹 {kid}。可以编制投标文件。", en: "Checked; fingerprint {kid}. You can build the bid." },
  here: { zh: "本机已有此标段的密钥，指纹 {kid}。", en: "This machine has the key for this lot; fingerprint {kid}." },
} as const;

/** Two equal passphrases, good enough to write with. */
export function agreedPassphrase(first: HTMLInputElement, second: HTMLInputElement): string {
  if ([...first.value.normalize("NFKC")].length < MIN_PASSPHRASE) {
    first.focus();
    throw refusal(
      "K-293",
      { zh: "口令太短，至少 {least} 个字符", en: "The passphrase is too short: at least {least} characters" },
      { zh: "密钥文件只靠口令保护。", en: "Only the passphrase protects the key file." },
      { zh: "请输入更长的口令，两处相同。", en: "Type a longer passphrase, the same in both places." },
      { least: MIN_PASSPHRASE },
    );
  }
  if (first.value !== second.value) {
    second.focus();
    throw refusal(
      "K-290",
      { zh: "两次口令不一致", en: "The passphrases differ" },
      { zh: "两次输入的内容不同。", en: "They were typed differently." },
      { zh: "请重新输入。", en: "Type them again." },
    );
  }
  normalise(first.value, true);
  return first.value;
}

export function unsupported(): Error {
  return refusal(
    "K-291",
    { zh: "此浏览器不能加密投标文件", en: "This browser cannot seal bids" },
    { zh: "缺少 X25519 支持。", en: "It lacks X25519." },
    { zh: "请换用 2024 年以后的 Chrome、Edge、Firefox 或 Safari。", en: "Use Chrome, Edge, Firefox or Safari from 2024 or later." },
  );
}

function start(module: HTMLElement): void {
  let kid = "";
  const lot = fact(module, "lot");
  const suite = suiteOf(fact(module, "suite"));
  const make = part<HTMLButtonElement>(module, "make");
  const check = part<HTMLButtonElement>(module, "check");
  const passphrase = part<HTMLInputElement>(module, "passphrase");
  const again = part<HTMLInputElement>(module, "passphrase-again");
  void supported().then(async (works) => {
    if (!works) {
      make.disabled = true;
      tellError(module, unsupported());
      return;
    }
    const kept = await recallLotKey(lot);
    if (kept?.suite !== suite.id) return;
    part<HTMLDetailsElement>(module, "first").open = false;
    part(module, "kept").hidden = false;
    part(module, "next").hidden = false;
    tellDone(module, say(WORDS.here, { kid: kept.kid }));
  });

  make.addEventListener("click", () => {
    void busily(module, make, async () => {
      const words = agreedPassphrase(passphrase, again);
      const key = await generateRaw(suite);
      const label = fact(module, "label").slice(0, 200);
      const file = await wrap(key, words, label);
      key.private.fill(0);
      kid = key.kid;
      passphrase.value = again.value = "";
      drawKeyPaper(part(module, "paper"), file, kid, label);
      download(file, `${fact(module, "filename")}-${kid.slice(0, 8)}.key.json`);
      tell(module, say(WORDS.made));
    });
  });

  check.addEventListener("click", () => {
    void busily(module, check, async () => {
      const words = part<HTMLInputElement>(module, "reload-passphrase");
      const pasted = part<HTMLTextAreaElement>(module, "reload-pasted");
      const file = await givenKey(part<HTMLInputElement>(module, "reload-file"), pasted);
      const raw = await unwrapRaw(file, words.value);
      if (kid && raw.kid !== kid) throw new SealingError("WRONG_KEY");
      checkSuite(raw.suite, suite);
      drawKeyPaper(part(module, "paper"), file, raw.kid, (await readPublic(file)).label);
      await rememberKey(await guard(raw), lot);
      words.value = pasted.value = "";
      part(module, "next").hidden = false;
      module.dataset["state"] = "ready";
      tellDone(module, say(WORDS.checked, { kid: raw.kid }));
    });
  });
}

export function startOpeningKey(): void {
  onPage("opening-key", start);
}
