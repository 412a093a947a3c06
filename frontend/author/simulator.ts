/** Tries the formula as it is typed on sample bids and shows the working line by line. */

import { onPage, part, element } from "../ui/dom";
import { parseYuan, yuan } from "../ui/money";
import { say } from "../ui/words";

const WORDS = {
  bid: { zh: "报价（元）", en: "Bid (yuan)" },
  evaluated: { zh: "评审价（元）", en: "Evaluated price (yuan)" },
  deviation: { zh: "偏差", en: "Deviation" },
  score: { zh: "报价得分", en: "Price score" },
  benchmark: { zh: "评标基准价 {price} 元", en: "Benchmark price {price} yuan" },
  results: { zh: "试算结果", en: "Result of the trial" },
  over: { zh: "超过最高限价，否决", en: "Above the ceiling: rejected" },
  none: { zh: "没有有效报价", en: "No valid bid" },
  unreadable: { zh: "这一行不是金额：{line}", en: "This line is not an amount: {line}" },
  empty: { zh: "请至少填写一个报价。", en: "Please give at least one bid." },
  failed: { zh: "试算没有完成：公式、限价或报价有误。", en: "The trial failed: the formula, the ceiling or a bid is wrong." },
  working: { zh: "计算过程", en: "Working" },
  counted: { zh: "有效报价", en: "Valid bids" },
  dropped_high: { zh: "去掉最高", en: "Highest dropped" },
  dropped_low: { zh: "去掉最低", en: "Lowest dropped" },
  mean: { zh: "平均值", en: "Mean" },
  benchmarkLine: { zh: "基准价", en: "Benchmark" },
} as const;

interface Line {
  label: string;
  expression: string;
  value: string;
}
interface Outcome {
  benchmark: string | null;
  working: Line[];
  bids: {
    key: string;
    status: string;
    deviation: string | null;
    price_evaluated_fen: number | null;
    price_score: string | null;
  }[];
}
interface Sample {
  key: string;
  price_fen: number;
  claims: { small_business: boolean };
}

export function startSimulator(): void {
  onPage("simulator", (box) => {
    const form = box.querySelector("form");
    const result = part<HTMLElement>(box, "result");
    const bids = part<HTMLTextAreaElement>(box, "bids");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      void run(form, box.dataset["url"] ?? "", bids.value, result);
    });
  });
}

/** The bids of the lines, or the line that is none. */
function samples(text: string): Sample[] | string {
  const found: Sample[] = [];
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  for (const [index, line] of lines.entries()) {
    const fen = parseYuan(line.replace(/小微|small/gi, "").trim());
    if (fen === null) return line;
    found.push({
      key: `b${index + 1}`,
      price_fen: Number(fen),
      claims: { small_business: /小微|small/i.test(line) },
    });
  }
  return found;
}

async function run(form: HTMLFormElement, url: string, text: string, result: HTMLElement): Promise<void> {
  const bids = samples(text);
  if (typeof bids === "string" || bids.length === 0) {
    result.textContent = typeof bids === "string" ? say(WORDS.unreadable, { line: bids }) : say(WORDS.empty);
    return;
  }
  const data = new FormData(form);
  data.set("bids", JSON.stringify(bids));
  for (const name of ["price_formula", "ceiling_yuan"]) {
    const field = document.querySelector<HTMLInputElement>(`[data-hp=lot-form] [name=${name}]`);
    if (field) data.set(name, field.value);
  }
  const reply = await fetch(url, { method: "POST", body: data, headers: { Accept: "application/json" } });
  if (!reply.ok) {
    result.textContent = say(WORDS.failed);
    return;
  }
  show((await reply.json()) as Outcome, bids, result);
}

function show(outcome: Outcome, bids: readonly Sample[], result: HTMLElement): void {
  const table = element("table", "data");
  table.append(element("caption", "visually-hidden", say(WORDS.results)));
  const head = table.createTHead().insertRow();
  for (const words of [WORDS.bid, WORDS.evaluated, WORDS.deviation, WORDS.score]) {
    const cell = element("th", "number", say(words));
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const [index, bid] of outcome.bids.entries()) {
    const row = body.insertRow();
    const priced = yuan(BigInt(bids[index]?.price_fen ?? 0));
    const evaluated = bid.price_evaluated_fen === null ? "—" : yuan(BigInt(bid.price_evaluated_fen));
    const deviation = bid.deviation === null ? "—" : `${Number(bid.deviation).toFixed(4)} %`;
    const score = bid.status === "rejected" ? say(WORDS.over) : (bid.price_score ?? "—");
    for (const words of [priced, evaluated, deviation, score]) row.append(element("td", "number", words));
  }
  const box = element("div", "table-box", table);
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", say(WORDS.results));
  const benchmark = outcome.benchmark
    ? say(WORDS.benchmark, { price: outcome.benchmark.replace(/\B(?=(\d{3})+\.)/g, ",") })
    : say(WORDS.none);
  result.replaceChildren(element("p", "sim-benchmark", benchmark), box, working(outcome.working));
}

function working(lines: readonly Line[]): HTMLElement {
  const list = element("dl", "facts");
  const names: Readonly<Record<string, string>> = {
    counted: say(WORDS.counted),
    dropped_high: say(WORDS.dropped_high),
    dropped_low: say(WORDS.dropped_low),
    mean: say(WORDS.mean),
    benchmark: say(WORDS.benchmarkLine),
  };
  for (const line of lines) {
    const name = names[line.label];
    if (name === undefined) continue;
    list.append(element("dt", "", name), element("dd", "", `${line.expression} = ${line.value}`));
  }
  return element("details", "", element("summary", "", say(WORDS.working)), list);
}
