/**
 * `[data-hp=seal]`: seals the draft, uploads the sealed file, submits it and checks the receipt.
 *
 * From the moment the sealed file is whole, everything that follows can be broken off and taken up
 * again: the job, the sealed bytes and the command's id lie on this machine.
 */

import { type Draft, draftKey } from "../sealing/drafts";
import { SealingError } from "../sealing/errors";
import { verifyReceipt } from "../sealing/receipts";
import { suiteOf } from "../sealing/suites";
import { run } from "../sealing/tasks";
import { csrfHeaders, postSigned } from "../signing/act";
import { signerFrom } from "../signing/block";
import { actOf } from "../signing/body";
import type { Signer } from "../signing/pkcs12";
import { put } from "../store/database";
import { draftPlace, draftStamp } from "../store/drafts";
import { readFile } from "../store/files";
import { recallLotKey } from "../store/opening-keys";
import { Forecast, type Margin } from "../upload/forecast";
import { uploadSealed } from "../upload/uploader";
import { left, moment, serverNow } from "../ui/clock";
import { all, element, fact, icon, maybePart, need, onPage, part } from "../ui/dom";
import { busily, tellError } from "../ui/telling";
import { Refusal, refusal, say } from "../ui/words";
import { mustsOf, rulesOf } from "./bid-checks";
import { filesAreHere } from "./bid-build";
import { startElsewhere, takeSealed } from "./elsewhere";
import { type Job, forgetJob, keepJob, unfinishedJob } from "./job";
import { lotKey } from "./key-gate";
import { formOf } from "./opening-form";
import { ownDraft } from "./own-draft";
import { type LotFacts, beginBid, lotFacts } from "./plan";
import { drawSummary } from "./seal-summary";
import { rate, size } from "./sizes";

const BARS = ["seal", "upload", "check", "receipt"] as const;
type Bar = (typeof BARS)[number];

const WORDS = {
  speed: { zh: "{sent} / {whole}，{rate}，预计 {at} 完成，{margin}", en: "{sent} of {whole}, {rate}, done about {at}, {margin}" },
  ample: { zh: "余量充足", en: "ample time" },
  tight: { zh: "时间紧张", en: "time is tight" },
  late: { zh: "按此速度赶不上截止时间", en: "too slow for the deadline" },
  unknown: { zh: "正在测速", en: "measuring" },
  waiting: { zh: "网络中断，已保存到 {sent}，恢复后自动继续", en: "Connection lost; {sent} are saved; continues by itself" },
  resumed: { zh: "从 {sent} 继续", en: "Continuing from {sent}" },
  checking: { zh: "服务器正在核对指纹", en: "The server compares the fingerprint" },
  delivered: { zh: "已递交 {at}", en: "Submitted {at}" },
  receipt: { zh: "回执 {id}，指纹与本机一致", en: "Receipt {id}; the fingerprint is the same as here" },
  open: { zh: "查看回执", en: "View the receipt" },
  resume: { zh: "继续递交", en: "Continue" },
  elsewhere: { zh: "已在别处加密，{size}，核对属于本标段", en: "Sealed elsewhere, {size}; it belongs to this lot" },
  nothing: { zh: "这台电脑上还没有本标段的投标文件", en: "There is no bid for this lot on this computer yet" },
  prepare: {
    zh: "请先填写开标一览表并添加文件。草稿只保存在编制它的电脑和浏览器里。",
    en: "First fill in the opening form and add the files. A draft is kept only on the computer and in the browser it was made in.",
  },
  build: { zh: "去编制投标文件", en: "Prepare the bid" },
  unfit: { zh: "投标文件还有 {count} 处必须改，现在不能递交", en: "{count} point(s) of the bid must be put right first" },
  sent: { zh: "递交已完成", en: "The delivery is done" },
  stranger: { zh: "这张证书没有登记在您名下", en: "This certificate is not registered as yours" },
  strangerWhy: {
    zh: "投标文件须由登录人本人的证书签名；还没有加密，也没有上传任何内容。",
    en: "Whoever is signed in signs the bid with their own certificate. Nothing was sealed or uploaded.",
  },
  strangerTodo: {
    zh: "请更换证书，或登记这张证书后刷新本页。",
    en: "Change the certificate, or register this one and reload the page.",
  },
  certificates: { zh: "密钥与证书", en: "Keys and certificates" },
  newer: { zh: "招标文件已更新到第 {new} 版", en: "The documents are now at version {new}" },
  newerWhy: {
    zh: "本页打开之后发布了变更，您的投标文件是按第 {old} 版编制的，还没有递交。",
    en: "They changed after this page was opened. Your bid was made for version {old} and is not submitted yet.",
  },
  newerTodo: {
    zh: "请先看变更内容，再刷新本页，按新版递交。来不及时可以再按一次，按第 {old} 版递交，回执会注明版本。",
    en: "Read what changed, reload this page and submit for the new version. If there is no time, press again: the bid is submitted for version {old}, and the receipt says so.",
  },
} as const;

/** Refusals of bytes that will never be accepted: the next press seals anew. */
const SPENT = new Set(["B-021", "B-022", "B-023", "B-024", "B-026", "B-028", "B-029"]);

class Delivery {
  readonly #place: string;
  readonly #start: HTMLButtonElement;
  readonly #abort = new AbortController();
  /** The newest version of the documents that the bidder was told of on this page. */
  #toldOf = 0;

  constructor(private readonly module: HTMLElement) {
    this.#place = draftPlace(fact(module, "lot"), fact(module, "envelope"));
    this.#start = part<HTMLButtonElement>(module, "start");
  }

  async start(): Promise<void> {
    this.#start.addEventListener("click", () => void busily(this.module, this.#start, () => this.#deliver()));
    addEventListener("beforeunload", () => this.#abort.abort(new DOMException("leaving", "AbortError")));
    startElsewhere(this.module, (file, docVersion) => this.#take(file, docVersion));
    const job = await this.#unfinished();
    if (job) return this.#goOn(job);
    if (!(await draftStamp(this.#place))) return this.#nothingYet();
    await this.#show(false);
  }

  /** What is sealed already needs a signature, and no key; a draft is shown where the key is here. */
  async #goOn(job: Job): Promise<void> {
    this.#start.replaceChildren(icon("refresh"), say(WORDS.resume));
    if (job.draft !== null) return this.#show(true);
    need('[data-hp="sign-block"]', this.module).hidden = false;
    this.#hideDraft();
    part(this.module, "status").replaceChildren();
    this.#bar("seal", 1, say(WORDS.elsewhere, { size: size(job.size) }));
    const drop = part<HTMLButtonElement>(this.module, "drop");
    drop.hidden = false;
    drop.addEventListener("click", () => void forgetJob(this.#place, job).then(() => location.reload()), { once: true });
  }

  /** A file that was sealed elsewhere takes the place of whatever waited here. */
  async #take(file: File, docVersion: number): Promise<void> {
    const { host } = await lotFacts(this.module);
    const { context, inForce } = await beginBid(this.module);
    this.#warnOfNewer(inForce, docVersion);
    const waiting = await this.#unfinished();
    const told = (done: number): void => this.#bar("seal", done / file.size, `${size(done)} / ${size(file.size)}`);
    const job = await takeSealed(file, context, host, docVersion, told);
    if (waiting) await forgetJob(this.#place, waiting);
    await this.#goOn(await keepJob(this.#place, job));
    need('[data-hp="sign-block"]', this.module).scrollIntoView({ block: "center" });
  }

  /** Shows what will be sealed as soon as the key is here; what is sealed already goes on without. */
  async #show(sealed: boolean): Promise<void> {
    const lot = fact(this.module, "lot");
    const here = (await recallLotKey(lot)) !== null;
    if (sealed && !here) return;
    const block = need('[data-hp="sign-block"]', this.module);
    block.hidden = !here;
    const secret = await draftKey(await lotKey(this.module, lot, suiteOf(fact(this.module, "hostSuite"))), lot);
    const draft = await ownDraft(this.#place, secret, fact(this.module, "build"));
    block.hidden = false;
    if (this.#isFit(draft)) drawSummary(this.module, draft);
  }

  /** Says so before a key is loaded and a certificate asked for, not after. */
  #nothingYet(): void {
    this.#sendToForm(say(WORDS.nothing), element("p", "", say(WORDS.prepare)));
  }

  /** Whether nothing is left that must be put right: the checks of the page where the bid is made. */
  #isFit(draft: Draft): boolean {
    const musts = mustsOf(draft, rulesOf(this.module));
    if (!musts.length) return true;
    const list = element("ul", "", ...musts.map(({ text }) => element("li", "", text)));
    this.#sendToForm(say(WORDS.unfit, { count: musts.length }), list);
    return false;
  }

  #sendToForm(title: string, more: HTMLElement): void {
    const link = element("a", "btn btn-primary mt-2", say(WORDS.build));
    link.href = fact(this.module, "build");
    const words = [element("p", "panel__title", title), more, link];
    const panel = element("div", "panel panel--todo", icon("alert-triangle"), element("div", "", ...words));
    part(this.module, "status").replaceChildren(panel);
    need('[data-hp="sign-block"]', this.module).hidden = true;
    this.#hideDraft();
  }

  #hideDraft(): void {
    part(this.module, "summary").hidden = true;
    for (const gate of all('[data-hp="key-gate"]', this.module)) gate.hidden = true;
  }

  /** Another person's certificate is refused by the server, but only after sealing and uploading. */
  #checkOwner({ serial }: Signer): void {
    const own = this.module.dataset["serials"];
    if (own === undefined || own.split(" ").includes(serial.replace(/^0+/, ""))) return;
    const link = { href: fact(this.module, "certificates"), words: say(WORDS.certificates) };
    throw refusal("A-203", WORDS.stranger, WORDS.strangerWhy, WORDS.strangerTodo, {}, link);
  }

  async #deliver(): Promise<void> {
    const signer = await signerFrom(need('[data-hp="sign-block"]', this.module));
    this.#checkOwner(signer);
    const facts = await lotFacts(this.module);
    const job = (await this.#unfinished()) ?? (await this.#seal(facts));
    if (!job) return;
    this.#bar("seal", 1, size(job.size));
    const sent = await this.#upload(job, facts);
    try {
      await this.#finalise(sent, facts, signer);
    } catch (error) {
      if (error instanceof Refusal && SPENT.has(error.code)) await forgetJob(this.#place, job);
      throw error;
    }
  }

  #unfinished(): Promise<Job | null> {
    return unfinishedJob(this.#place, Number(fact(this.module, "docVersion")));
  }

  /** Seals the draft as it stands now; null when something in it must be put right first. */
  async #seal(facts: LotFacts): Promise<Job | null> {
    const key = await lotKey(this.module, facts.lot, suiteOf(facts.host.suite));
    const secret = await draftKey(key, facts.lot);
    const stamp = await draftStamp(this.#place);
    const draft = await ownDraft(this.#place, secret, fact(this.module, "build"));
    if (!this.#isFit(draft)) return null;
    if (!(await filesAreHere(draft))) throw new SealingError("SOURCE", "a kept file is no longer here");
    const { context, inForce } = await beginBid(this.module);
    this.#warnOfNewer(inForce, facts.docVersion);
    const file = `sealed-${context.bid}`;
    const whole = draft.files.reduce((sum, one) => sum + one.size, 0) || 1;
    const sealed = await run(
      {
        task: "seal",
        context,
        recipients: { bidder: key.public, host: facts.host.public, suite: facts.host.suite },
        form: formOf(draft, facts),
        files: draft.files,
        secret,
        into: file,
      },
      (done) => this.#bar("seal", Math.min(0.99, done / whole), `${size(done)} / ${size(whole)}`),
    );
    const command = crypto.randomUUID();
    const { docVersion } = facts;
    return keepJob(this.#place, { ...sealed, file, command, docVersion, draft: stamp, uploadUrl: null });
  }

  /** An older version is taken (its receipt says so), but not before its bidder knows. */
  #warnOfNewer(inForce: number, mine: number): void {
    if (inForce <= mine || inForce <= this.#toldOf) return;
    this.#toldOf = inForce;
    throw refusal("B-050", WORDS.newer, WORDS.newerWhy, WORDS.newerTodo, { new: String(inForce), old: String(mine) });
  }

  async #upload(job: Job, facts: LotFacts): Promise<Job> {
    const file = await readFile(job.file);
    if (!file) throw new SealingError("SOURCE", "the sealed file is no longer here");
    let kept = job;
    let forecast: Forecast | null = null;
    const url = await uploadSealed({
      file,
      endpoint: fact(this.module, "uploads"),
      url: job.uploadUrl,
      metadata: { lot: facts.lot, bid: job.bid, filename: `${job.bid}.stb` },
      headers: csrfHeaders(),
      signal: this.#abort.signal,
      onUrl: async (made) => {
        kept = await keepJob(this.#place, { ...kept, uploadUrl: made });
      },
      onProgress: (sent) => {
        const now = performance.now() / 1000;
        if (!forecast) {
          forecast = new Forecast(job.size, sent, now);
          if (sent > 0) this.#note("upload", say(WORDS.resumed, { sent: size(sent) }));
        }
        forecast.measure(sent, now);
        this.#bar("upload", sent / job.size, this.#speed(forecast, sent, job.size, facts.deadline));
      },
      onWaiting: (sent) => {
        forecast = null;
        this.#note("upload", say(WORDS.waiting, { sent: size(sent) }));
      },
    });
    this.#bar("upload", 1, size(job.size));
    return keepJob(this.#place, { ...kept, uploadUrl: url });
  }

  #speed(forecast: Forecast, sent: number, whole: number, deadline: number): string {
    const now = serverNow();
    const margin: Margin = forecast.margin((deadline - now) / 1000);
    part(this.module, "upload-row").dataset["margin"] = margin;
    return say(WORDS.speed, {
      sent: size(sent),
      whole: size(whole),
      rate: rate(forecast.rate ?? 0),
      at: forecast.left === null ? "—" : moment(now + forecast.left * 1000).slice(11),
      margin: `${say(WORDS[margin])}（${left(deadline - now)}）`,
    });
  }

  async #finalise(job: Job, facts: LotFacts, signer: Signer): Promise<void> {
    this.#bar("check", null, say(WORDS.checking));
    const reply = await postSigned({
      url: fact(this.module, "finalise"),
      name: actOf(this.module),
      purpose: "submit",
      command: job.command,
      signer,
      fields: {
        bid: job.bid,
        upload: uploadId(job.uploadUrl ?? ""),
        ct_root: job.ctRoot,
        size: String(job.size),
        header_sha256: job.headerSha256,
        doc_version: String(job.docVersion),
      },
    });
    this.#bar("check", 1, "");
    const token = String(reply["receipt"] ?? "");
    const receipt = await verifyReceipt(token, facts.logKey);
    const { entry } = receipt;
    if (
      entry.ct_root !== job.ctRoot ||
      entry.size !== job.size ||
      entry.header_sha256 !== job.headerSha256 ||
      entry.kc !== job.commitment ||
      entry.bid !== job.bid
    ) {
      throw new SealingError("RECEIPT", "the receipt is for other bytes");
    }
    this.#bar("receipt", 1, say(WORDS.receipt, { id: receipt.id }));
    await put("receipts", `${this.#place}/${job.bid}`, token);
    await forgetJob(this.#place, job);
    this.#delivered(entry.at, `${fact(this.module, "receipts")}${String(reply["receipt_id"] ?? "")}`);
  }

  #delivered(at: string, redirect: string): void {
    const title = element("p", "panel__title", say(WORDS.delivered, { at: moment(Date.parse(at)) }));
    const link = element("a", "btn btn-primary mt-2", icon("receipt"), say(WORDS.open));
    link.href = redirect;
    const panel = element("div", "panel panel--done", icon("circle-check"), element("div", "", title, link));
    const place = part(this.module, "status");
    place.replaceChildren(panel);
    need('[data-hp="sign-block"]', this.module).hidden = true;
    part(this.module, "plan").textContent = say(WORDS.sent);
    for (const name of ["summary", "resumes", "replaces", "elsewhere"]) {
      const past = maybePart(this.module, name);
      if (past) past.hidden = true;
    }
    this.module.dataset["state"] = "delivered";
    link.focus();
  }

  /** Moves a bar; null is "under way, no figure". */
  #bar(bar: Bar, value: number | null, note?: string): void {
    const progress = part<HTMLProgressElement>(this.module, `bar-${bar}`);
    if (value === null) progress.removeAttribute("value");
    else progress.value = value;
    part(this.module, `figure-${bar}`).textContent = value === null ? "" : `${Math.floor(value * 100)} %`;
    if (note !== undefined) this.#note(bar, note);
  }

  #note(bar: Bar, text: string): void {
    part(this.module, `note-${bar}`).textContent = text;
  }
}

/** The id of an upload: the last part of its address. */
export function uploadId(url: string): string {
  return url.replace(/[?#].*$/, "").replace(/\/+$/, "").split("/").at(-1) ?? "";
}

export function startSeal(): void {
  onPage("seal", (module) => {
    void new Delivery(module).start().catch((error: unknown) => tellError(module, error));
  });
}
