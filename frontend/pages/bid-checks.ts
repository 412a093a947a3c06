/** The standing checklist of a bid: the rules that the opening will use, told before it is too late. */

import type { Draft, DraftFile } from "../sealing/drafts";
import { type PartOfBid, nameIsAllowed } from "../sealing/package";
import { parseYuan, yuan } from "../ui/money";
import { type Facts, type Words, say } from "../ui/words";

export type Level = "must" | "should" | "ready";

export interface Check {
  readonly level: Level;
  readonly text: string;
  /** The input or slot it is about. */
  readonly target: string;
}

export interface Slot {
  readonly part: PartOfBid;
  readonly title: string;
  readonly required: boolean;
}

export interface Rules {
  readonly ceilingFen: bigint | null;
  readonly maximumDays: number | null;
  readonly maximumBytes: number;
  readonly slots: readonly Slot[];
}

const WORDS = {
  priceMissing: { zh: "填写投标报价", en: "Give the bid price" },
  priceUnclear: { zh: "投标报价不是有效金额", en: "The bid price is not an amount" },
  priceZero: { zh: "投标报价为零", en: "The bid price is zero" },
  priceOver: { zh: "投标报价高于最高投标限价 ¥{ceiling}", en: "The bid price exceeds the ceiling of ¥{ceiling}" },
  priceLow: { zh: "投标报价低于限价 {percent} %，请核对", en: "The bid price is {percent} % below the ceiling; please check" },
  price: { zh: "投标报价不高于限价", en: "The bid price is within the ceiling" },
  daysMissing: { zh: "填写工期（天）", en: "Give the duration in days" },
  daysOver: { zh: "工期超过招标文件要求的 {days} 天", en: "The duration exceeds the {days} days allowed" },
  days: { zh: "工期已填写", en: "The duration is given" },
  qualityMissing: { zh: "填写质量标准", en: "Give the quality standard" },
  quality: { zh: "质量标准已填写", en: "The quality standard is given" },
  managerMissing: { zh: "填写项目负责人", en: "Name the project manager" },
  manager: { zh: "项目负责人已填写", en: "The project manager is named" },
  slotMissing: { zh: "{title}：还没有文件", en: "{title}: no file yet" },
  slot: { zh: "{title}：{count} 个文件", en: "{title}: {count} file(s)" },
  slotOptional: { zh: "{title}：没有文件（可不提供）", en: "{title}: no file (optional)" },
  tooLarge: { zh: "文件合计超过上限", en: "The files together exceed the limit" },
  sameName: { zh: "文件重名：{name}", en: "Two files are called {name}" },
} as const satisfies Record<string, Words>;

function price(text: string, ceiling: bigint | null): Check {
  const make = (level: Level, words: Words, facts: Facts = {}): Check => ({ level, text: say(words, facts), target: "price" });
  if (!text.trim()) return make("must", WORDS.priceMissing);
  const fen = parseYuan(text);
  if (fen === null || fen > BigInt(Number.MAX_SAFE_INTEGER)) return make("must", WORDS.priceUnclear);
  if (fen === 0n) return make("must", WORDS.priceZero);
  if (ceiling === null) return make("ready", WORDS.price);
  if (fen > ceiling) return make("must", WORDS.priceOver, { ceiling: yuan(ceiling) });
  const tenths = Number(((ceiling - fen) * 1000n) / ceiling);
  // A slip of a digit is the commonest disaster; a third below the ceiling deserves a second look.
  if (tenths >= 333) return make("should", WORDS.priceLow, { percent: (tenths / 10).toFixed(1) });
  return make("ready", WORDS.price);
}

function days(text: string, most: number | null): Check {
  const make = (level: Level, words: Words, facts: Facts = {}): Check => ({ level, text: say(words, facts), target: "duration_days" });
  if (!/^\d{1,5}$/.test(text.trim()) || Number(text) < 1) return make("must", WORDS.daysMissing);
  if (most !== null && Number(text) > most) return make("must", WORDS.daysOver, { days: most });
  return make("ready", WORDS.days);
}

function filled(value: string | undefined, missing: Words, there: Words, target: string): Check {
  return value?.trim()
    ? { level: "ready", text: say(there), target }
    : { level: "must", text: say(missing), target };
}

function files(all: readonly DraftFile[], { slots, maximumBytes }: Rules): Check[] {
  const checks = slots.map(({ part, title, required }): Check => {
    const count = all.filter((file) => file.part === part).length;
    const words = count ? WORDS.slot : required ? WORDS.slotMissing : WORDS.slotOptional;
    return { level: count || !required ? "ready" : "must", text: say(words, { title, count }), target: part };
  });
  const seen = new Set<string>();
  for (const { name, part } of all) {
    const lower = name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    if (seen.has(lower)) checks.push({ level: "must", text: say(WORDS.sameName, { name }), target: part });
    seen.add(lower);
  }
  if (all.reduce((sum, file) => sum + file.size, 0) > maximumBytes) {
    checks.push({ level: "must", text: say(WORDS.tooLarge), target: "files" });
  }
  return checks;
}

/** Everything there is to say about a draft, most urgent first. */
export function checkDraft(draft: Draft, rules: Rules): Check[] {
  const { fields } = draft;
  const checks = [
    price(fields["price"] ?? "", rules.ceilingFen),
    days(fields["duration_days"] ?? "", rules.maximumDays),
    filled(fields["quality"], WORDS.qualityMissing, WORDS.quality, "quality"),
    filled(fields["manager"], WORDS.managerMissing, WORDS.manager, "manager"),
    ...files(draft.files, rules),
  ];
  const order: Record<Level, number> = { must: 0, should: 1, ready: 2 };
  return checks.sort((one, other) => order[one.level] - order[other.level]);
}

const FILE_WORDS = {
  empty: { zh: "文件是空的", en: "The file is empty" },
  name: { zh: "文件名过长或含有不允许的字符", en: "The file name is too long or has characters that are not allowed" },
  notPdf: { zh: "不是 PDF 文件", en: "This is not a PDF" },
  cut: { zh: "PDF 不完整，请重新导出", en: "The PDF is incomplete; export it again" },
  locked: { zh: "PDF 设有密码，评委无法打开", en: "The PDF is protected by a password; the experts could not open it" },
} as const;
const TAIL = 4096;

/** What is wrong with a chosen file, or null. */
export async function fileProblem(file: File): Promise<string | null> {
  if (!file.size) return say(FILE_WORDS.empty);
  if (!nameIsAllowed(file.name.normalize("NFC"))) return say(FILE_WORDS.name);
  const latin = new TextDecoder("latin1");
  const head = latin.decode(await file.slice(0, 1024).arrayBuffer());
  if (!head.includes("%PDF-")) return say(FILE_WORDS.notPdf);
  const tail = latin.decode(await file.slice(Math.max(0, file.size - TAIL)).arrayBuffer());
  if (!tail.includes("%%EOF")) return say(FILE_WORDS.cut);
  if (/\/Encrypt\s+\d+\s+\d+\s+R/.test(tail)) return say(FILE_WORDS.locked);
  return null;
}
