/**
 * `[data-hp=rehearsal]`: the whole way of a bid with throw-away keys and a throw-away file.
 *
 * `data-echo` is a door that answers each piece with its size and hash and keeps nothing. What was
 * sent is then opened here with both keys, so that a machine that passes can deliver and release.
 */

import type { Bytes } from "../sealing/bytes";
import { unb64u } from "../sealing/encoding";
import { openFile, seal } from "../sealing/envelope";
import { SealingError } from "../sealing/errors";
import { type Header } from "../sealing/header";
import { type OpeningKey, generateRaw, guard, supported } from "../sealing/keys";
import { MemoryFiles } from "../sealing/package";
import { bytesPiece } from "../sealing/reading";
import { release } from "../sealing/shares";
import { csrfHeaders } from "../signing/act";
import { freeSpace } from "../store/files";
import { fact, icon, onPage, part } from "../ui/dom";
import { busily } from "../ui/telling";
import { say } from "../ui/words";
import { unsupported } from "./opening-key";
import { rate, size } from "./sizes";

const TEST_SIZE = 6 * 1024 * 1024;
const PIECE = 2 * 1024 * 1024;
const ENOUGH_SPACE = 1024 * 1024 * 1024;
const LINES = ["browser", "seal", "upload", "open"] as const;
type Line = (typeof LINES)[number];

const WORDS = {
  waiting: { zh: "正在检测", en: "Checking" },
  browser: { zh: "支持，本机可用空间 {space}", en: "Supported; {space} free on this machine" },
  tight: { zh: "支持；可用空间 {space}，大文件可能不够", en: "Supported; {space} free, which may be short for large files" },
  seal: { zh: "已加密 {size}，{rate}", en: "Sealed {size} at {rate}" },
  upload: { zh: "已上传 {size}，{rate}，指纹一致", en: "Sent {size} at {rate}; the fingerprints agree" },
  open: { zh: "已打开，内容与原文件相同", en: "Opened; the content is the same" },
  failed: { zh: "没有通过", en: "Did not pass" },
} as const;

interface Made {
  readonly sealed: Blob;
  readonly header: Header;
  readonly bidder: OpeningKey;
  readonly host: OpeningKey;
  readonly content: Bytes;
}

/** Random bytes; the browser gives no more than 64 KiB at a time. */
function noise(length: number): Bytes {
  const made = new Uint8Array(length);
  for (let at = 0; at < length; at += 65536) crypto.getRandomValues(made.subarray(at, Math.min(at + 65536, length)));
  return made;
}

class Rehearsal {
  constructor(private readonly module: HTMLElement) {}

  async run(): Promise<void> {
    for (const line of LINES) this.#show(line, "");
    await this.#line("browser", () => this.#browser());
    const made = await this.#line("seal", () => this.#seal());
    await this.#line("upload", () => this.#upload(made.sealed));
    await this.#line("open", () => this.#open(made));
    this.module.dataset["state"] = "passed";
  }

  async #line<T>(line: Line, act: () => Promise<readonly [string, T]>): Promise<T> {
    this.#show(line, say(WORDS.waiting));
    try {
      const [words, result] = await act();
      this.#show(line, words, "check");
      return result;
    } catch (error) {
      this.#show(line, say(WORDS.failed), "x");
      this.module.dataset["state"] = "failed";
      throw error;
    }
  }

  async #browser(): Promise<readonly [string, null]> {
    if (!(await supported())) throw unsupported();
    const space = await freeSpace();
    return [say(space < ENOUGH_SPACE ? WORDS.tight : WORDS.browser, { space: size(space) }), null];
  }

  async #seal(): Promise<readonly [string, Made]> {
    const [bidder, host] = [await guard(await generateRaw()), await guard(await generateRaw())];
    const content = noise(TEST_SIZE);
    const blocks: Bytes[] = [];
    const begun = performance.now();
    const id = "rehearsal";
    const { header } = await seal(
      {
        context: { tender: id, lot: id, envelope: "single", bidder: id, bid: crypto.randomUUID(), deadline_id: id },
        recipients: { bidder: bidder.public, host: host.public },
        form: { v: 1, lot: id, doc_version: 1, price_fen: 1, duration_days: 1, quality: id, manager: id, claims: {}, extra: [] },
        files: [{ name: "rehearsal.pdf", part: "technical", content: bytesPiece(content) }],
      },
      (block) => void blocks.push(block.slice()),
    );
    const sealed = new Blob(blocks);
    const speed = sealed.size / ((performance.now() - begun) / 1000);
    return [say(WORDS.seal, { size: size(sealed.size), rate: rate(speed) }), { sealed, header, bidder, host, content }];
  }

  async #upload(sealed: Blob): Promise<readonly [string, null]> {
    const begun = performance.now();
    for (let at = 0; at < sealed.size; at += PIECE) {
      const piece = await sealed.slice(at, at + PIECE).arrayBuffer();
      const answer = await fetch(fact(this.module, "echo"), {
        method: "POST",
        headers: { ...csrfHeaders(), "Content-Type": "application/offset+octet-stream" },
        body: piece,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = unb64u(((await answer.json()) as { sha256: string }).sha256, 32);
      const own = new Uint8Array(await crypto.subtle.digest("SHA-256", piece));
      if (told.some((byte, index) => byte !== own[index])) throw new SealingError("SOURCE", "another fingerprint");
    }
    const speed = sealed.size / ((performance.now() - begun) / 1000);
    return [say(WORDS.upload, { size: size(sealed.size), rate: rate(speed) }), null];
  }

  async #open({ sealed, header, bidder, host, content }: Made): Promise<readonly [string, null]> {
    const shares = [await release(header, "bidder", bidder), await release(header, "host", host)];
    const files = new MemoryFiles();
    await openFile(sealed, { shares, files });
    const [file] = [...files.files.values()];
    const opened = new Uint8Array((await file?.arrayBuffer()) ?? new ArrayBuffer(0));
    if (opened.length !== content.length || opened.some((byte, index) => byte !== content[index])) {
      throw new SealingError("PACKAGE", "the opened file differs");
    }
    return [say(WORDS.open), null];
  }

  #show(line: Line, words: string, mark?: "check" | "x"): void {
    const place = part(this.module, line);
    place.replaceChildren(...(mark ? [icon(mark), ` ${words}`] : [words]));
    place.dataset["mark"] = mark ?? "";
  }
}

export function startRehearsal(): void {
  onPage("rehearsal", (module) => {
    const button = part<HTMLButtonElement>(module, "start");
    button.addEventListener("click", () => void busily(module, button, () => new Rehearsal(module).run()));
  });
}
