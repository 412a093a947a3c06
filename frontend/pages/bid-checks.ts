/** The standing checklist of a bid: the rules that the opening will use, told before it is too late. */

import type { Draft, DraftFile } from "../sealing/drafts";
import { type PartOfBid, nameIsAllowed } from "../sealing/package";
import { all, fact } from "../ui/dom";
import { parseYuan, yuan } from "../ui/money";
import { type Facts, type Refusal, type Words, refusal, say } from "../ui/words";

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
  /** What the bidder's days are called: a duration of works, a delivery time of goods. */
  readonly daysName: string;
  readonly maximumDays: number | null;
  readonly maximumBytes: number;
  readonly slots: readonly Slot[];
}

/** The longest text the opening form holds in one field. */
const LONGEST = 200;
/** Five years: a longer duration is rarely meant. */
const UNUSUAL_DAYS = 1825;

const WORDS = {
  priceMissing: { zh: "填写投标报价", en: "Give the bid price" },
  priceUnclear: {
    zh: "投标报价不是有效金额，请写数字，如 3000000 或 300万元",
    en: "The bid price is not an amount; write figures, such as 3000000 or 300万元",
  },
  priceZero: { zh: "投标报价为零", en: "The bid price is zero" },
  priceOver: { zh: "投标报价高于最高投标限价 ¥{ceiling}", en: "The bid price exceeds the ceiling of ¥{ceiling}" },
  priceLow: { zh: "投标报价低于限价 {percent} %，请核对", en: "The bid price is {percent} % below the ceiling; please check" },
  price: { zh: "投标报价不高于限价", en: "The bid price is within the ceiling" },
  daysMissing: { zh: "填写{name}（天）", en: "{name}: give the days" },
  daysUnclear: { zh: "{name}只写整数，如 90", en: "{name}: write a whole number of days, such as 90" },
  daysUnusual: { zh: "{name} {days} 天，超过五年，请核对", en: "{name}: {days} days is over five years; please check" },
  daysOver: { zh: "{name}超过招标文件要求的 {days} 天", en: "{name}: more than the {days} days allowed" },
  days: { zh: "{name}已填写", en: "{name}: given" },
  qualityMissing: { zh: "填写质量标准", en: "Give the quality standard" },
  qualityName: { zh: "质量标准", en: "Quality standard" },
  managerName: { zh: "项目负责人", en: "Project manager" },
  quality: { zh: "质量标准已填写", en: "The quality standard is given" },
  managerMissing: { zh: "填写项目负责人", en: "Name the project manager" },
  manager: { zh: "项目负责人已填写", en: "The project manager is named" },
  tooLong: { zh: "{name}：不超过 200 个字", en: "{name}: at most 200 characters" },
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

function days(text: string, { daysName: name, maximumDays: most }: Rules): Check {
  const make = (level: Level, words: Words, facts: Facts = {}): Check => ({ level, text: say(words, { name, ...facts }), target: "duration_days" });
  if (!text.trim()) return make("must", WORDS.daysMissing);
  const count = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  if (count < 1) return make("must", WORDS.daysUnclear);
  if (most !== null && count > most) return make("must", WORDS.daysOver, { days: most });
  if (count > UNUSUAL_DAYS) return make("should", WORDS.daysUnusual, { days: count });
  return make("ready", WORDS.days);
}

function filled(value: string | undefined, words: Readonly<Record<"missing" | "there" | "name", Words>>, target: string): Check {
  if (!value?.trim()) return { level: "must", text: say(words.missing), target };
  if (value.length > LONGEST) return { level: "must", text: say(WORDS.tooLong, { name: say(words.name) }), target };
  return { level: "ready", text: say(words.there), target };
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

/** The rules a page states: in its module's attributes and its `[data-slot]` elements. */
export function rulesOf(module: HTMLElement): Rules {
  const { ceilingFen, daysName, maximumDays, maximumBytes } = module.dataset;
  return {
    ceilingFen: ceilingFen ? BigInt(ceilingFen) : null,
    daysName: daysName ?? "",
    maximumDays: maximumDays ? Number(maximumDays) : null,
    maximumBytes: Number(maximumBytes ?? 2 ** 31),
    slots: all("[data-slot]", module).map(
      (slot): Slot => ({
        part: fact(slot, "slot") as PartOfBid,
        title: fact(slot, "title"),
        required: slot.dataset["required"] !== undefined,
      }),
    ),
  };
}

/** What keeps a draft from being delivered. */
export function mustsOf(draft: Draft, rules: Rules): Check[] {
  return checkDraft(draft, rules).filter(({ level }) => level === "must");
}

/** Everything there is to say about a draft, most urgent first. */
export function checkDraft(draft: Draft, rules: Rules): Check[] {
  const { fields } = draft;
  const checks = [
    price(fields["price"] ?? "", rules.ceilingFen),
    days(fields["duration_days"] ?? "", rules),
    filled(fields["quality"], { missing: WORDS.qualityMissing, there: WORDS.quality, name: WORDS.qualityName }, "quality"),
    filled(fields["manager"], { missing: WORDS.managerMissing, there: WORDS.manager, name: WORDS.managerName }, "manager"),
    ...files(draft.files, rules),
  ];
  const order: Record<Level, number> = { must: 0, should: 1, ready: 2 };
  return checks.sort((one, other) => order[one.level] - order[other.level]);
}

const FILE_WORDS = {
  empty: { zh: "文件是空的", en: "The file is empty" },
  name: { zh: "文件名过长或含有不允许的字符", en: "The file name is too long or has characters that are not allowed" },
  notPdf: { zh: "不是 PDF 文件", en: "This is not a PDF" },
  cut: { zh: "PDF 不完整", en: "The PDF is incomplete" },
  locked: { zh: "PDF 设有密码，评委无法打开", en: "The PDF is protected by a password; the experts could not open it" },
} as const;
const TODO: Readonly<Record<keyof typeof FILE_WORDS, Words>> = {
  empty: { zh: "请重新导出后再选择。", en: "Export it again and choose it." },
  name: { zh: "请改名后重新选择。", en: "Rename it and choose it again." },
  notPdf: { zh: "请在 Word 里另存为 PDF，再选择。", en: "Save it as PDF in Word and choose that." },
  cut: { zh: "请重新导出后再选择。", en: "Export it again and choose it." },
  locked: { zh: "请去掉密码后重新选择。", en: "Take the password off and choose it again." },
};
const TAIL = 4096;

async function faultOf(file: File): Promise<keyof typeof FILE_WORDS | null> {
  if (!file.size) return "empty";
  if (!nameIsAllowed(file.name.normalize("NFC"))) return "name";
  const latin = new TextDecoder("latin1");
  const head = latin.decode(await file.slice(0, 1024).arrayBuffer());
  if (!head.includes("%PDF-")) return "notPdf";
  const tail = latin.decode(await file.slice(Math.max(0, file.size - TAIL)).arrayBuffer());
  if (!tail.includes("%%EOF")) return "cut";
  return /\/Encrypt\s+\d+\s+\d+\s+R/.test(tail) ? "locked" : null;
}

/** Why a chosen file is not taken, or null. */
export async function fileProblem(file: File): Promise<Refusal | null> {
  const fault = await faultOf(file);
  if (!fault) return null;
  return refusal(
    "B-290",
    { zh: "{name}：{problem}", en: "{name}: {problem}" },
    { zh: "它没有加入投标文件。", en: "It was not added to the bid." },
    TODO[fault],
    { name: file.name, problem: say(FILE_WORDS[fault]) },
  );
}
