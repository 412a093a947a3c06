/** The signing block of a page: shows who signs, asks for certificate file and PIN once a session. */

import { maybePart, part } from "../ui/dom";
import { refusal, say } from "../ui/words";
import type { Signer } from "./pkcs12";
import { currentSigner, forgetSigner, keepSigner } from "./signer";

const WORDS = {
  none: { zh: "尚未载入证书", en: "No certificate loaded" },
  until: { zh: "序列号 {serial}，有效期至 {until}", en: "Serial {serial}, valid until {until}" },
} as const;

function show(block: HTMLElement, signer: Signer | null): void {
  part(block, "who").textContent = signer
    ? [signer.organisation, signer.name].filter(Boolean).join(" · ")
    : say(WORDS.none);
  const serial = maybePart(block, "serial");
  if (serial) {
    serial.textContent = signer
      ? say(WORDS.until, { serial: signer.serial, until: new Date(signer.until).toISOString().slice(0, 10) })
      : "";
  }
  part(block, "load").hidden = signer !== null;
  part(block, "change").hidden = signer === null;
}

/** The certificate to sign with: the one loaded before, or the one chosen in the block now. */
export async function signerFrom(block: HTMLElement): Promise<Signer> {
  const kept = await currentSigner();
  if (kept) return kept;
  const file = part<HTMLInputElement>(block, "file");
  const pin = part<HTMLInputElement>(block, "pin");
  const chosen = file.files?.[0];
  if (!chosen || !pin.value) {
    (chosen ? pin : file).focus();
    throw refusal(
      "A-290",
      { zh: "还不能签名", en: "Not signed yet" },
      { zh: "没有选择证书文件，或没有输入口令。", en: "No certificate file or no PIN was given." },
      { zh: "请选择 .p12 证书并输入口令。", en: "Choose the .p12 certificate and type its PIN." },
    );
  }
  // The ASN.1 reader is large; only pages where a certificate is really loaded fetch it.
  const { openCertificate } = await import("./pkcs12");
  const signer = await openCertificate(chosen, pin.value);
  pin.value = "";
  file.value = "";
  await keepSigner(signer);
  show(block, signer);
  return signer;
}

/** Brings a signing block to life. */
export function startBlock(block: HTMLElement): void {
  // File and PIN carry no name: whatever happens, a browser never sends them.
  part(block, "change").addEventListener("click", () => {
    void forgetSigner().then(() => show(block, null));
  });
  void currentSigner().then((signer) => show(block, signer));
}
