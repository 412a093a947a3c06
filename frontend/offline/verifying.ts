/** `[data-hp=offline-verify]`: a receipt, the log's proof in it, and the file it is for. */

import { readLogKey } from "../sealing/checkpoint";
import { SealingError } from "../sealing/errors";
import { verifyReceipt } from "../sealing/receipts";
import { onPage, part } from "../ui/dom";
import { moment } from "../ui/clock";
import { busily } from "../ui/telling";
import type { Words } from "../ui/words";
import { measure } from "./inspecting";
import { type Row, tellFound } from "./results";

const PROVEN: Words = { zh: "回执有效，已在透明日志中", en: "The receipt holds, and the log holds the bid" };
const PROMISE: Words = {
  zh: "回执有效，是平台的收件承诺；其中还没有日志证明，请稍后重新下载回执再核验",
  en: "The receipt holds as the platform's promise; it has no proof of the log yet: download it again later",
};
const SAME: Words = { zh: "密文文件", en: "Sealed file" };

async function verify(module: HTMLElement): Promise<void> {
  const logKey = await readLogKey(part<HTMLInputElement>(module, "log-key").value);
  const file = part<HTMLInputElement>(module, "receipt").files?.[0];
  const token = file ? await file.text() : part<HTMLTextAreaElement>(module, "receipt-pasted").value;
  const { id, entry, proven } = await verifyReceipt(token.trim(), logKey);
  const rows: Row[] = [
    [{ zh: "回执编号", en: "Receipt" }, id],
    [{ zh: "收到时间", en: "Received" }, moment(Date.parse(entry.at))],
    [{ zh: "标段", en: "Lot" }, entry.lot],
    [{ zh: "投标编号", en: "Bid" }, entry.bid],
    [{ zh: "招标文件版本", en: "Version of the documents" }, String(entry.doc_version)],
  ];
  const sealed = part<HTMLInputElement>(module, "sealed").files?.[0];
  if (sealed) {
    const { sealed: own, ctSha256 } = await measure(module, sealed);
    if (own.ctRoot !== entry.ct_root || own.size !== entry.size || ctSha256 !== entry.ct_sha256) {
      throw new SealingError("RECEIPT", "the receipt is for another file");
    }
    rows.push([SAME, sealed.name]);
  }
  tellFound(module, proven ? PROVEN : PROMISE, rows);
  module.dataset["state"] = "verified";
}

export function startVerifying(): void {
  onPage("offline-verify", (module) => {
    const button = part<HTMLButtonElement>(module, "start");
    button.addEventListener("click", () => void busily(module, button, () => verify(module)));
  });
}
