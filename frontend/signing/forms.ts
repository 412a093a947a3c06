/**
 * Signed forms: `form[data-sign=purpose][data-act][data-args]` with a signing block inside.
 *
 * Submitting is held until the canonical body is signed and stands in the hidden fields; then the
 * browser sends the form as it would have done.
 */

import { all, maybePart, need } from "../ui/dom";
import { Refusal, say } from "../ui/words";
import { signerFrom } from "./block";
import { actOf, canonicalBody } from "./body";
import { sign } from "./signer";

const WORDS = {
  signing: { zh: "正在签名", en: "Signing" },
  failed: { zh: "未能签名：{why}", en: "Not signed: {why}" },
} as const;

function tell(block: HTMLElement, text: string): void {
  const status = maybePart(block, "sign-status");
  if (status) status.textContent = text;
}

async function signForm(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const block = need('[data-hp="sign-block"]', form);
  tell(block, say(WORDS.signing));
  try {
    const signer = await signerFrom(block);
    const secret = new Set((form.dataset["secret"] ?? "").split(" ").filter(Boolean));
    const body = await canonicalBody(actOf(form), new FormData(form, submitter), secret);
    const { signature, certificate } = await sign(signer, form.dataset["sign"] ?? "", body);
    need<HTMLInputElement>("input[name=signature]", form).value = signature;
    need<HTMLInputElement>("input[name=certificate]", form).value = certificate;
    form.dataset["signed"] = "1";
    form.requestSubmit(submitter);
  } catch (error) {
    tell(block, error instanceof Refusal ? error.message : say(WORDS.failed, { why: String(error) }));
    for (const button of all("[aria-busy]", form)) button.removeAttribute("aria-busy");
  }
}

export function startSignedForms(): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      if (!form.dataset["sign"]) return;
      if (form.dataset["signed"]) {
        delete form.dataset["signed"];
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      void signForm(form, event.submitter);
    },
    { capture: true },
  );
}
