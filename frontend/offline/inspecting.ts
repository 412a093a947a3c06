/** `[data-hp=offline-inspect]`: what a sealed file says of itself without being opened. */

import { SealingError } from "../sealing/errors";
import { size } from "../pages/sizes";
import { onPage, part } from "../ui/dom";
import { busily } from "../ui/telling";
import { type Words, say } from "../ui/words";
import { tellFound } from "./results";
import { type Measured, run } from "./tasks";

const READING: Words = { zh: "正在读取 {done} / {whole}", en: "Reading {done} of {whole}" };
const FOUND: Words = { zh: "文件完整，没有打开", en: "The file is whole; it was not opened" };

/** Reads a sealed file once, telling how far it got. */
export async function measure(module: HTMLElement, file: File): Promise<Measured> {
  const progress = part(module, "progress");
  try {
    return await run(
      { task: "measure", file },
      { progress: (done) => (progress.textContent = say(READING, { done: size(done), whole: size(file.size) })) },
    );
  } finally {
    progress.textContent = "";
  }
}

async function inspect(module: HTMLElement): Promise<void> {
  const file = part<HTMLInputElement>(module, "sealed").files?.[0];
  if (!file) throw new SealingError("NOT_ENCRYPTED", "no sealed file chosen");
  const { header, sealed, ctSha256, ctSm3, formCtSha256 } = await measure(module, file);
  tellFound(module, FOUND, [
    [{ zh: "大小", en: "Size" }, String(sealed.size)],
    [{ zh: "密文指纹（分块）", en: "ct_root" }, sealed.ctRoot],
    [{ zh: "密文 SHA-256", en: "ct_sha256" }, ctSha256],
    [{ zh: "密文 SM3", en: "ct_sm3" }, ctSm3],
    [{ zh: "一览表密文 SHA-256", en: "form_ct_sha256" }, formCtSha256],
    [{ zh: "文件头 SHA-256", en: "header_sha256" }, sealed.headerSha256],
    [{ zh: "文件头", en: "Header" }, header],
  ]);
  module.dataset["state"] = "inspected";
}

export function startInspecting(): void {
  onPage("offline-inspect", (module) => {
    const button = part<HTMLButtonElement>(module, "start");
    button.addEventListener("click", () => void busily(module, button, () => inspect(module)));
  });
}
