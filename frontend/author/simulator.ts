/** Tries a lot's saved formula on sample bids and shows the working line by line. */

import { onPage, part } from "../ui/dom";
import { parseYuan, yuan } from "../ui/money";
import { say } from "../ui/words";

const WORDS = {
  bid: { zh: "报价（元）", en: "Bid (yuan)" },
  deviation: { zh: "偏差", en: "Deviation" },
  score: { zh: "报价得分", en: "Price score" },
  benchmark: { zh: "评标基准价", en: "Benchmark price" },
  unreadable: { zh: "这一行不是金额", en: "This line is not an amount" },
  failed: { zh: "试算没有完成：公式或报价有误", en: "The trial failed: the formula or a bid is wrong" },
} as const;

interface Outcome {
  benchmark: string | null;
  bids: { key: string; deviation: string | null; price_score: string | null }[];
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

async function run(form: HTMLFormElement, url: string, text: string, result: HTMLElement): Promise<void> {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  const bids = [];
  for (const [index, line] of lines.entries()) {
    const small = /小微|small/i.test(line);
    const fen = parseYuan(line.replace(/小微|small/gi, "").trim());
    if (fen === null) {
      result.textContent = `${say(WORDS.unreadable)}：${line}`;
      return;
    }
    bids.push({ key: `b${index + 1}`, price_fen: Number(fen), claims: { small_business: small } });
  }
  const data = new FormData(form);
  data.set("bids", JSON.stringify(bids));
  const reply = await fetch(url, { method: "POST", body: data, headers: { Accept: "application/json" } });
  if (!reply.ok) {
    result.textContent = say(WORDS.failed);
    return;
  }
  const outcome = (await reply.json()) as Outcome;
  const table = document.createElement("table");
  table.className = "table";
  const head = table.createTHead().insertRow();
  for (const words of [WORDS.bid, WORDS.deviation, WORDS.score]) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = say(words);
    head.append(cell);
  }
  const body = table.createTBody();
  for (const [index, bid] of outcome.bids.entries()) {
    const row = body.insertRow();
    const price = bids[index]?.price_fen ?? 0;
    for (const words of [yuan(BigInt(price)), bid.deviation ?? "—", bid.price_score ?? "—"]) {
      const cell = row.insertCell();
      cell.className = "num";
      cell.textContent = words;
    }
  }
  const benchmark = document.createElement("p");
  benchmark.textContent = `${say(WORDS.benchmark)}：${outcome.benchmark ?? "—"}`;
  result.replaceChildren(benchmark, table);
}
