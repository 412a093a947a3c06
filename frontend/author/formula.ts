/**
 * The price formula, the outlier rule and the tie rule as choices and figures instead of JSON.
 *
 * The weight is the price criterion's maximum and nothing else, so it is read there.
 */

import { onPage, part } from "../ui/dom";
import { say } from "../ui/words";
import { CRITERIA_CHANGED } from "./criteria";
import { choice, labelled, redrawn, takenOver, textInput } from "./rows";

type Params = Record<string, unknown>;
interface Formula {
  method: string;
  weight: string;
  params: Params;
}
interface Trim {
  from: string | number;
  high: string | number;
  low: string | number;
}

const WORDS = {
  method: { zh: "价格分计算方法", en: "Method of the price score" },
  weight: { zh: "价格分权重 {weight}", en: "Price weight {weight}" },
  noPrice: { zh: "还没有报价评分项", en: "No price criterion yet" },
  K: { zh: "下浮系数 K", en: "Factor K" },
  K1: { zh: "平均值系数 K1", en: "Factor of the mean, K1" },
  Q1: { zh: "平均值权重 Q1", en: "Share of the mean, Q1" },
  K2: { zh: "最高限价系数 K2", en: "Factor of the ceiling, K2" },
  Q2: { zh: "最高限价权重 Q2", en: "Share of the ceiling, Q2" },
  E1: { zh: "每高 1% 扣分 E1", en: "Cost of 1 % above, E1" },
  E2: { zh: "每低 1% 扣分 E2", en: "Cost of 1 % below, E2" },
  small_deduction: { zh: "小微企业扣除（如 0.10）", en: "Deduction for small firms (e.g. 0.10)" },
  domestic_deduction: { zh: "本国产品扣除（如 0.20）", en: "Deduction for domestic goods (e.g. 0.20)" },
  trim: { zh: "平均前去掉最高、最低报价", en: "Drop the highest and lowest bids first" },
  trimNone: { zh: "不去", en: "None" },
  trimOne: { zh: "满 5 家时各去掉 1 个", en: "One each from 5 bids on" },
  trimTwo: { zh: "满 10 家时各去掉 2 个", en: "Two each from 10 bids on" },
  own: { zh: "保持现有规则", en: "Keep the rule as it is" },
  outlier: { zh: "评委评分", en: "Members' scores" },
  outlierNone: { zh: "取全部评委的平均", en: "Mean of all members" },
  outlierOne: { zh: "满 5 人时去掉最高、最低各 1 个再平均", en: "From 5 members on, drop one highest and lowest" },
  tie: { zh: "总分相同时，第 {place} 步", en: "Equal totals, step {place}" },
  tieNone: { zh: "—", en: "—" },
  lower_price: { zh: "报价低者在前", en: "Lower price first" },
  higher_technical: { zh: "技术得分高者在前", en: "Higher technical score first" },
  draw: { zh: "抽签", en: "By lot" },
} as const;

const FIGURES = {
  m1: { K: "0.97", E1: "0.9", E2: "0.6" },
  m2: { K1: "0.97", Q1: "0.65", K2: "0.92", Q2: "0.35", E1: "0.9", E2: "0.6" },
  gov_lowest: { small_deduction: "", domestic_deduction: "" },
} as const;
type Method = keyof typeof FIGURES;

const TRIMS: Readonly<Record<string, Trim>> = {
  trimOne: { from: 5, high: 1, low: 1 },
  trimTwo: { from: 10, high: 2, low: 2 },
};
const OUTLIERS = { outlierOne: { drop_high: 1, drop_low: 1, from_members: 5 } } as const;
const TIES = ["lower_price", "higher_technical", "draw"] as const;

export function startFormula(): void {
  onPage("formula", (box) => {
    const formula = takenOver(box, "price_formula");
    const outlier = takenOver(box, "outlier_rule");
    const tie = takenOver(box, "tie_rule");
    const form = box.closest("form");
    if (formula === null || outlier === null || tie === null || form === null) return;
    const editor = new Editor(box, form, formula, outlier, tie);
    form.addEventListener(CRITERIA_CHANGED, () => editor.weigh());
    editor.draw();
  });
}

class Editor {
  #formula: Formula;
  #outlier: object | null;
  #ties: string[];
  readonly #methods: Readonly<Record<string, string>>;

  constructor(
    private readonly box: HTMLElement,
    private readonly form: HTMLFormElement,
    private readonly formulaField: HTMLInputElement | HTMLTextAreaElement,
    private readonly outlierField: HTMLInputElement | HTMLTextAreaElement,
    private readonly tieField: HTMLInputElement | HTMLTextAreaElement,
  ) {
    this.#methods = JSON.parse(box.dataset["methods"] ?? "{}") as Record<string, string>;
    this.#formula = read(formulaField.value, { method: "", weight: "", params: {} });
    this.#outlier = read<object | null>(outlierField.value, null);
    this.#ties = read<string[]>(tieField.value, []);
  }

  /** Takes the weight from the price criterion. */
  weigh(): void {
    const rows = read<{ kind: string; max: string }[]>(
      this.form.querySelector<HTMLTextAreaElement>("[name=criteria]")?.value ?? "",
      [],
    );
    const price = rows.find((row) => row.kind === "price");
    if (price) this.#formula.weight = price.max;
    const chip = part<HTMLOutputElement>(this.box, "weight");
    chip.value = price ? say(WORDS.weight, { weight: price.max }) : say(WORDS.noPrice);
    chip.classList.toggle("chip--failed", !price);
    this.#store();
  }

  draw(): void {
    const method = this.#formula.method;
    const rows = [
      line(
        labelled(
          "formula-method",
          say(WORDS.method),
          choice(method, Object.entries(this.#methods), (value) => this.#choose(value)),
        ),
        ...(method === "gov_lowest" ? [] : [this.#trim()]),
      ),
      line(...this.#figures()),
      line(...(this.box.dataset["track"] === "G" ? [] : [this.#outliers()]), ...this.#tieSteps()),
    ];
    redrawn(part(this.box, "rows"), rows);
    this.weigh();
  }

  /** Another method begins with customary figures; what both have is kept. */
  #choose(method: string): void {
    const old = this.#formula.params;
    const figures = FIGURES[method as Method] ?? {};
    const params: Params = {};
    for (const [name, value] of Object.entries(figures)) if (old[name] ?? value) params[name] = old[name] ?? value;
    if (method !== "gov_lowest" && old["trim"]) params["trim"] = old["trim"];
    this.#formula = { ...this.#formula, method, params };
    this.draw();
  }

  #figures(): HTMLElement[] {
    const params = this.#formula.params;
    return Object.keys(FIGURES[this.#formula.method as Method] ?? {}).map((name) => {
      const set = (value: string): void => {
        if (value) params[name] = value;
        else delete params[name];
        this.#store();
      };
      const input = textInput(String(params[name] ?? ""), set, true);
      return labelled(`formula-${name}`, say(WORDS[name as keyof typeof WORDS]), input);
    });
  }

  #trim(): HTMLElement {
    const params = this.#formula.params;
    return this.#rule("trim", params["trim"], "trimNone", TRIMS, (rule) => {
      if (rule) params["trim"] = rule;
      else delete params["trim"];
    });
  }

  #outliers(): HTMLElement {
    return this.#rule("outlier", this.#outlier, "outlierNone", OUTLIERS, (rule) => {
      this.#outlier = rule;
    });
  }

  /** One of the customary rules, none, or the one that already stands. */
  #rule(
    name: "trim" | "outlier",
    now: unknown,
    none: "trimNone" | "outlierNone",
    known: Readonly<Record<string, object>>,
    set: (rule: object | null) => void,
  ): HTMLElement {
    const found = Object.entries(known).find(([, rule]) => same(rule, now))?.[0];
    const options: [string, string][] = [none, ...Object.keys(known)].map((code) => [code, say(WORDS[code as keyof typeof WORDS])]);
    if (now && !found) options.push(["own", say(WORDS.own)]);
    const control = choice(now ? (found ?? "own") : none, options, (code) => {
      if (code !== "own") set(known[code] ?? null);
      this.#store();
    });
    return labelled(`formula-${name}`, say(WORDS[name]), control);
  }

  #tieSteps(): HTMLElement[] {
    const options: [string, string][] = [["", say(WORDS.tieNone)], ...TIES.map((code): [string, string] => [code, say(WORDS[code])])];
    return TIES.map((_, place) => {
      const control = choice(this.#ties[place] ?? "", options, (code) => {
        const steps = TIES.map((__, index) => (index === place ? code : (this.#ties[index] ?? "")));
        // A rule stands once: chosen again further on, it moves.
        this.#ties = steps.filter((one, index) => one && (index === place || one !== code));
        this.draw();
      });
      return labelled(`formula-tie-${place}`, say(WORDS.tie, { place: place + 1 }), control);
    });
  }

  #store(): void {
    this.formulaField.value = JSON.stringify(this.#formula);
    this.outlierField.value = this.#outlier ? JSON.stringify(this.#outlier) : "";
    this.tieField.value = JSON.stringify(this.#ties);
  }
}

function line(...fields: HTMLElement[]): HTMLElement {
  const made = document.createElement("div");
  made.className = "form-row";
  made.append(...fields);
  return made;
}

function same(one: object, other: unknown): boolean {
  if (typeof other !== "object" || other === null) return false;
  const values = other as Record<string, unknown>;
  return Object.entries(one).every(([name, value]) => String(values[name]) === String(value));
}

function read<T>(text: string, otherwise: T): T {
  try {
    return (JSON.parse(text || "null") as T | null) ?? otherwise;
  } catch {
    return otherwise;
  }
}
