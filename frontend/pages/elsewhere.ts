/**
 * `[data-hp=elsewhere]` on the delivery page: bids that are sealed by command line or offline page.
 *
 * What they are sealed by is downloaded here; the sealed file comes back here, is compared with the
 * lot and kept as a delivery that was broken off, which the one button of the page then goes on with.
 */

import { SealingError } from "../sealing/errors";
import { writeFacts } from "../sealing/facts";
import type { Context } from "../sealing/header";
import { run } from "../sealing/tasks";
import { download } from "../ui/download";
import { fact, need, part } from "../ui/dom";
import { busily, tell } from "../ui/telling";
import { type Words, refusal, say } from "../ui/words";
import type { Job } from "./job";
import { type LotFacts, beginBid, lotFacts } from "./plan";

const WORDS = {
  facts: {
    zh: "已下载标段参数。请核对其中招标人公钥指纹 {kid} 与公告一致；一份参数只用于一次加密。",
    en: "The tender facts were downloaded. Compare the fingerprint of the host key, {kid}, with the notice; one file is for one sealing.",
  },
  choose: { zh: "请选择", en: "Choose" },
  version: { zh: "第 {version} 版", en: "Version {version}" },
  missing: { zh: "还不能取用", en: "Not taken yet" },
  missingWhy: { zh: "没有选择密文文件，或没有选择招标文件版本。", en: "No sealed file or no version of the documents was chosen." },
  missingTodo: { zh: "请选择 .stb 文件和编制时所依据的版本。", en: "Choose the .stb file and the version it was made for." },
  foreign: { zh: "这个文件不能在本标段递交", en: "This file cannot be submitted for this lot" },
  again: {
    zh: "请重新下载本标段的参数，用它加密后再选择。",
    en: "Download the facts of this lot again, seal with them and choose the new file.",
  },
} as const;

/** Which part of the context was not this lot's, or what else was not. */
const FOREIGN: Readonly<Record<string, Words>> = {
  bidder: { zh: "它是以另一个投标人的名义加密的。", en: "It was sealed in the name of another bidder." },
  deadline_id: { zh: "它是为另一次开标加密的。", en: "It was sealed for another opening." },
  UNKNOWN_SUITE: { zh: "它用了另一种加密套件，与本项目公告的不同。", en: "It was sealed with another suite than this tender's." },
  WRONG_KEY: { zh: "它不是用本项目招标人的公钥加密的。", en: "It was not sealed to the host key of this tender." },
};
const OTHER_LOT: Words = { zh: "它是为别的项目或标段加密的。", en: "It was sealed for another tender or lot." };

function foreign(error: unknown): unknown {
  if (!(error instanceof SealingError)) return error;
  const why = error.code === "WRONG_CONTEXT" ? (FOREIGN[error.detail] ?? OTHER_LOT) : FOREIGN[error.code];
  if (!why) return error;
  return refusal("B-023", WORDS.foreign, why, WORDS.again);
}

/** Copies a sealed file to where deliveries wait; any id of a bid will do, the server compares it. */
export async function takeSealed(
  file: File,
  { bid: _, ...place }: Context,
  host: LotFacts["host"],
  docVersion: number,
  progress: (done: number) => void,
): Promise<Job> {
  const command = crypto.randomUUID();
  const into = `sealed-${command}`;
  try {
    const sealed = await run({ task: "take", file, expected: { ...place, suite: host.suite, host_kid: host.kid }, into }, progress);
    return { ...sealed, file: into, command, docVersion, draft: null, uploadUrl: null };
  } catch (error) {
    throw foreign(error);
  }
}

async function handOut(delivery: HTMLElement): Promise<string> {
  const facts = await lotFacts(delivery);
  const { context, inForce } = await beginBid(delivery);
  const file = writeFacts({ context, host: facts.host, docVersion: inForce, logKey: fact(delivery, "logKey") });
  download(file, `${context.bid.slice(0, 8)}.facts.json`);
  return facts.host.kid;
}

/** Brings the block to life; `take` gets a chosen file and the version it was made for. */
export function startElsewhere(delivery: HTMLElement, take: (file: File, docVersion: number) => Promise<void>): void {
  const module = need('[data-hp="elsewhere"]', delivery);
  const version = part<HTMLSelectElement>(module, "version");
  const newest = Number(fact(delivery, "docVersion"));
  const choices = Array.from({ length: newest }, (_, index) => String(newest - index));
  // Nobody can see which version the sealed form speaks of: where there are two, its maker says it.
  if (newest > 1) version.append(new Option(say(WORDS.choose), ""));
  version.append(...choices.map((one) => new Option(say(WORDS.version, { version: one }), one)));
  const facts = part<HTMLButtonElement>(module, "facts");
  facts.addEventListener("click", () => {
    void busily(module, facts, async () => tell(module, say(WORDS.facts, { kid: await handOut(delivery) })));
  });
  const button = part<HTMLButtonElement>(module, "take");
  button.addEventListener("click", () => {
    void busily(module, button, async () => {
      const file = part<HTMLInputElement>(module, "sealed").files?.[0];
      if (!file || !version.value) throw refusal("B-295", WORDS.missing, WORDS.missingWhy, WORDS.missingTodo);
      await take(file, Number(version.value));
    });
  });
}
