/** Where a sealed file goes: straight to the disk, or through the browser's memory where it must. */

import type { Bytes } from "../sealing/bytes";
import { download } from "../ui/download";
import { refusal } from "../ui/words";
import { size } from "../pages/sizes";

/** What is collected before it can be saved must fit into the browser. */
const MOST_COLLECTED = 512 * 1024 * 1024;
const WORDS = {
  what: { zh: "此浏览器存不下这么大的密文", en: "This browser cannot hold a sealed file of this size" },
  why: {
    zh: "它不能边加密边写入磁盘，文件合计不得超过 {most}，现在是 {found}。",
    en: "It cannot write to the disk while sealing: the files may have {most} together, and have {found}.",
  },
  todo: { zh: "请换用 Chrome 或 Edge，或使用命令行 ggzy-bid。", en: "Use Chrome or Edge, or the command line ggzy-bid." },
} as const;

interface Writable {
  write(data: Bytes): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}
interface Picker {
  showSaveFilePicker?(options: object): Promise<{ readonly name: string; createWritable(): Promise<Writable> }>;
}

/** A file that is being written; it is there only after `close`. */
export interface Saving {
  readonly write: (block: Bytes) => Promise<void>;
  readonly close: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

/** Asks where to write, while the press of the button still counts as leave to ask. */
export async function saving(name: string, expected: number): Promise<Saving> {
  const ask = (window as Picker).showSaveFilePicker?.bind(window);
  if (ask) {
    const handle = await ask({ suggestedName: name, types: [{ accept: { "application/octet-stream": [".stb"] } }] });
    const out = await handle.createWritable();
    return { write: (block) => out.write(block), close: () => out.close(), discard: () => out.abort() };
  }
  if (expected > MOST_COLLECTED) {
    const facts = { most: size(MOST_COLLECTED), found: size(expected) };
    throw refusal("K-295", WORDS.what, WORDS.why, WORDS.todo, facts);
  }
  const blocks: Blob[] = [];
  return {
    // A blob of each block, so that the browser may move it out of this page's memory.
    write: async (block) => void blocks.push(new Blob([block])),
    close: async () => download(new Blob(blocks), name, "application/octet-stream"),
    discard: async () => void (blocks.length = 0),
  };
}
