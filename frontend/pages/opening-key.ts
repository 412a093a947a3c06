/**
 * `[data-hp=opening-key]`: makes the bidder's opening key, has the key file downloaded, and lets it
 * be registered only after that very file has been loaded again.
 */

import { SealingError } from "../sealing/errors";
import { b64u } from "../sealing/encoding";
import { generateRaw, normalise, supported, unwrapRaw, guard, wrap } from "../sealing/keys";
import { rememberKey } from "../store/opening-keys";
import { download } from "../ui/download";
import { fact, onPage, part } from "../ui/dom";
import { busily, tell, tellError } from "../ui/telling";
import { refusal, say } from "../ui/words";
import { chosenFile } from "./key-gate";

const WORDS = {
  made: {
    zh: "密钥文件已下载。请把它另存一份到可靠的地方，然后重新载入核对。",
    en: "The key file was downloaded. Keep a second copy in a safe place, then load it again to check it.",
  },
  checked: { zh: "核对通过，指纹 {kid}。可以登记此密钥。", en: "Checked; fingerprint {kid}. You can register this key." },
} as const;

/** Two equal passphrases, good enough to write with. */
export function agreedPassphrase(first: HTMLInputElement, second: HTMLInputElement): string {
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
  const make = part<HTMLButtonElement>(module, "make");
  const check = part<HTMLButtonElement>(module, "check");
  const passphrase = part<HTMLInputElement>(module, "passphrase");
  const again = part<HTMLInputElement>(module, "passphrase-again");
  void supported().then((works) => {
    if (works) return;
    make.disabled = true;
    tellError(module, unsupported());
  });

  make.addEventListener("click", () => {
    void busily(module, make, async () => {
      const words = agreedPassphrase(passphrase, again);
      const key = await generateRaw();
      const file = await wrap(key, words, fact(module, "label").slice(0, 200));
      key.private.fill(0);
      kid = key.kid;
      passphrase.value = again.value = "";
      download(file, `${fact(module, "filename")}-${kid.slice(0, 8)}.key.json`);
      part(module, "reload").hidden = false;
      tell(module, say(WORDS.made));
    });
  });

  check.addEventListener("click", () => {
    void busily(module, check, async () => {
      const words = part<HTMLInputElement>(module, "reload-passphrase");
      const raw = await unwrapRaw(await chosenFile(part<HTMLInputElement>(module, "reload-file")), words.value);
      if (kid && raw.kid !== kid) throw new SealingError("WRONG_KEY");
      const publicKey = b64u(raw.public);
      await rememberKey(await guard(raw));
      words.value = "";
      part<HTMLInputElement>(module, "kid").value = raw.kid;
      part<HTMLInputElement>(module, "public").value = publicKey;
      part(module, "register").hidden = false;
      tell(module, say(WORDS.checked, { kid: raw.kid }));
    });
  });
}

export function startOpeningKey(): void {
  onPage("opening-key", start);
}
