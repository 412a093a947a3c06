/** `[data-hp=offline-key]`: makes an opening key, has its file saved, and loads it back to check it. */

import { SealingError } from "../sealing/errors";
import { generateRaw, readPublic, supported, unwrap, wrap } from "../sealing/keys";
import { suiteOf } from "../sealing/suites";
import { drawKeyPaper } from "../pages/key-paper";
import { givenKey } from "../pages/key-gate";
import { agreedPassphrase, unsupported } from "../pages/opening-key";
import { download } from "../ui/download";
import { onPage, part } from "../ui/dom";
import { busily, tell, tellDone, tellError } from "../ui/telling";
import { say } from "../ui/words";

const WORDS = {
  made: {
    zh: "密钥文件已保存。请另存一份或打印下面的密钥，然后重新载入核对。",
    en: "The key file was saved. Keep a second copy or print the key below, then load it again to check it.",
  },
  checked: { zh: "核对通过，指纹 {kid}。可以用它加密。", en: "Checked; fingerprint {kid}. You can seal with it." },
} as const;

function start(module: HTMLElement): void {
  let kid = "";
  const make = part<HTMLButtonElement>(module, "make");
  const check = part<HTMLButtonElement>(module, "check");
  void supported().then((works) => {
    if (!works) tellError(module, unsupported());
  });
  make.addEventListener("click", () => {
    void busily(module, make, async () => {
      const [first, again] = [part<HTMLInputElement>(module, "passphrase"), part<HTMLInputElement>(module, "passphrase-again")];
      const words = agreedPassphrase(first, again);
      const label = part<HTMLInputElement>(module, "label").value.trim().slice(0, 200);
      const key = await generateRaw(suiteOf(part<HTMLSelectElement>(module, "suite").value));
      const file = await wrap(key, words, label);
      key.private.fill(0);
      kid = key.kid;
      first.value = again.value = "";
      download(file, `${kid.slice(0, 8)}.key.json`);
      drawKeyPaper(part(module, "paper"), file, kid, label);
      tell(module, say(WORDS.made));
    });
  });
  check.addEventListener("click", () => {
    void busily(module, check, async () => {
      const pasted = part<HTMLTextAreaElement>(module, "reload-pasted");
      const words = part<HTMLInputElement>(module, "reload-passphrase");
      const file = await givenKey(part<HTMLInputElement>(module, "reload-file"), pasted);
      const key = await unwrap(file, words.value);
      if (kid && key.kid !== kid) throw new SealingError("WRONG_KEY");
      drawKeyPaper(part(module, "paper"), file, key.kid, (await readPublic(file)).label);
      words.value = pasted.value = "";
      module.dataset["state"] = "ready";
      tellDone(module, say(WORDS.checked, { kid: key.kid }));
    });
  });
}

export function startKeygen(): void {
  onPage("offline-key", start);
}
