/** `[data-hp=offline-seal]`: seals the opening form and the chosen files by a tender's facts. */

import { SealingError } from "../sealing/errors";
import { type TenderFacts, readFacts } from "../sealing/facts";
import { readPublic } from "../sealing/keys";
import { PARTS, type PartOfBid } from "../sealing/package";
import { givenKey } from "../pages/key-gate";
import { formOf } from "../pages/opening-form";
import { size } from "../pages/sizes";
import { need, onPage, part } from "../ui/dom";
import { echoMoney } from "../ui/money-input";
import { busily, tellError } from "../ui/telling";
import { refusal, say } from "../ui/words";
import { tellFound } from "./results";
import { saving } from "./saving";
import { run } from "./tasks";

const WORDS = {
  facts: {
    zh: "标段 {lot}，按第 {version} 版招标文件。招标人公钥指纹 {kid}：请与签名公告核对。",
    en: "Lot {lot}, version {version} of the documents. Host key {kid}: compare it with the signed notice.",
  },
  progress: { zh: "正在加密 {done} / {whole}", en: "Sealing {done} of {whole}" },
  done: {
    zh: "已加密，已存为 {name}。请到递交页选择它，并选第 {version} 版招标文件。",
    en: "Sealed and saved as {name}. Choose it on the delivery page, with version {version} of the documents.",
  },
  size: { zh: "大小", en: "Size" },
  lacking: { zh: "还不能加密", en: "Nothing was sealed yet" },
  factsWhy: { zh: "没有选择标段参数文件。", en: "No file of tender facts was chosen." },
  factsTodo: { zh: "请在网站的递交页下载标段参数。", en: "Download the tender facts from the delivery page." },
  filesWhy: { zh: "没有选择技术标。", en: "No technical file was chosen." },
  filesTodo: { zh: "请选择要递交的文件。", en: "Choose the files to be submitted." },
  formWhy: { zh: "工期要写大于零的整数，项目负责人不能空。", en: "The duration is a whole number above zero, and a manager must be named." },
  formTodo: { zh: "请填写开标一览表。", en: "Fill in the opening form." },
} as const;

interface Chosen {
  readonly name: string;
  readonly part: PartOfBid;
  readonly file: File;
}

/** `price` alone is the amount in the form. */
const INPUTS: Readonly<Record<PartOfBid, string>> = { technical: "technical", commercial: "commercial", price: "price-files" };

function chosenFiles(module: HTMLElement): Chosen[] {
  const files = PARTS.flatMap((which) =>
    [...(part<HTMLInputElement>(module, INPUTS[which]).files ?? [])].map((file) => ({
      // macOS spells accents apart; a package takes one spelling.
      name: file.name.normalize("NFC"),
      part: which,
      file,
    })),
  );
  if (!files.some((one) => one.part === "technical")) {
    throw refusal("B-296", WORDS.lacking, WORDS.filesWhy, WORDS.filesTodo);
  }
  return files;
}

async function chosenFacts(module: HTMLElement): Promise<TenderFacts> {
  const file = part<HTMLInputElement>(module, "facts").files?.[0];
  if (!file) throw refusal("B-296", WORDS.lacking, WORDS.factsWhy, WORDS.factsTodo);
  return readFacts(await file.text());
}

function typed(module: HTMLElement): Readonly<Record<string, string>> {
  const names = ["price", "duration_days", "quality", "manager"];
  const fields = Object.fromEntries(names.map((name) => [name, part<HTMLInputElement>(module, name).value.trim()]));
  if (!/^[1-9]\d{0,4}$/.test(fields["duration_days"] ?? "") || !fields["manager"]) {
    throw refusal("B-296", WORDS.lacking, WORDS.formWhy, WORDS.formTodo);
  }
  return fields;
}

async function seal(module: HTMLElement): Promise<void> {
  const facts = await chosenFacts(module);
  const { context, host, docVersion } = facts;
  const mine = await readPublic(await givenKey(part(module, "key"), part(module, "key-pasted")));
  if (mine.suite !== host.suite) throw new SealingError("WRONG_KEY", `a key of suite ${mine.suite}`);
  const claims = part<HTMLInputElement>(module, "small_business").checked ? { small_business: true } : {};
  const form = formOf({ fields: typed(module), claims, extra: [] }, { lot: context.lot, docVersion });
  const files = chosenFiles(module);
  const whole = files.reduce((sum, { file }) => sum + file.size, 0);
  const name = `${context.bid}.stb`;
  const out = await saving(name, whole);
  const progress = part(module, "progress");
  try {
    const recipients = { bidder: mine.public, host: host.public, suite: host.suite };
    const sealed = await run(
      { task: "seal", context, recipients, form, files },
      {
        block: out.write,
        progress: (done) => (progress.textContent = say(WORDS.progress, { done: size(done), whole: size(whole) })),
      },
    );
    await out.close();
    tellFound(
      module,
      WORDS.done,
      [
        [WORDS.size, String(sealed.size)],
        [{ zh: "密文指纹（分块）", en: "ct_root" }, sealed.ctRoot],
        [{ zh: "文件头 SHA-256", en: "header_sha256" }, sealed.headerSha256],
        [{ zh: "密钥承诺", en: "kc" }, sealed.commitment],
      ],
      { name, version: docVersion },
    );
    module.dataset["state"] = "sealed";
  } catch (error) {
    await out.discard();
    throw error;
  } finally {
    progress.textContent = "";
  }
}

function start(module: HTMLElement): void {
  echoMoney(part<HTMLInputElement>(module, "price"));
  const facts = part<HTMLInputElement>(module, "facts");
  facts.addEventListener("change", () => {
    const place = part(module, "facts-say");
    place.replaceChildren();
    chosenFacts(module).then(
      ({ context, host, docVersion, logKey }) => {
        place.textContent = say(WORDS.facts, { lot: context.lot, version: docVersion, kid: host.kid });
        need<HTMLInputElement>("#verify-key").value ||= logKey;
      },
      (error: unknown) => tellError(module, error),
    );
  });
  const button = part<HTMLButtonElement>(module, "start");
  button.addEventListener("click", () => void busily(module, button, () => seal(module)));
}

export function startSealing(): void {
  onPage("offline-seal", start);
}
