/** What to tell people about each refusal of sealing. */

import { Refusal, type Words, say } from "../ui/words";
import { type Code, SealingError } from "./errors";

type Telling = readonly [what: Words, why: Words, todo: Words];

const DAMAGED: Words = { zh: "内容与格式不符，可能已损坏或被改动。", en: "The content does not fit the format; it may be damaged or altered." };
const AGAIN: Words = { zh: "请重新选择文件。", en: "Choose the file again." };
const BID: Words = { zh: "投标文件无法打开", en: "The sealed bid does not open" };
const CALL: Words = { zh: "请保留文件并联系交易中心。", en: "Keep the file and contact the centre." };
const EVIDENCE: Words = { zh: "凭证未通过核验", en: "The evidence does not hold" };

const TELLING: Readonly<Record<Code, Telling>> = {
  NOT_ENCRYPTED: [BID, { zh: "这不是加密的投标文件。", en: "This is not a sealed bid." }, AGAIN],
  MALFORMED: [BID, DAMAGED, CALL],
  UNKNOWN_SUITE: [BID, { zh: "使用了本系统不认识的加密方式。", en: "It uses a cipher suite unknown here." }, CALL],
  TRUNCATED: [BID, { zh: "文件不完整。", en: "The file is incomplete." }, AGAIN],
  TRAILING: [BID, { zh: "文件末尾有多余内容。", en: "There is something after the end of the file." }, CALL],
  WRONG_CONTEXT: [BID, { zh: "它属于别的项目、标段或投标人。", en: "It belongs to another tender, lot or bidder." }, AGAIN],
  WRONG_KEY: [
    { zh: "密钥不匹配", en: "The key does not match" },
    { zh: "载入的密钥不是加密时使用的那一把。", en: "The key loaded is not the one the bid was sealed to." },
    { zh: "请换用当时下载的密钥文件，或使用备份。", en: "Use the key file downloaded then, or its backup copy." },
  ],
  COMMITMENT: [BID, { zh: "密钥与公开的承诺值不一致。", en: "A key does not meet its public commitment." }, CALL],
  CORRUPT: [BID, { zh: "密文被改动或损坏。", en: "The ciphertext was altered or damaged." }, CALL],
  FORM: [
    { zh: "开标一览表有误", en: "The opening form is not right" },
    { zh: "内容缺失或不符合格式。", en: "Something is missing or not in the required form." },
    { zh: "请返回编制页核对。", en: "Go back and check the form." },
  ],
  PACKAGE: [
    { zh: "文件清单有误", en: "The list of files is not right" },
    { zh: "文件名重复、过长或含有不允许的字符。", en: "A file name is repeated, too long or has characters that are not allowed." },
    { zh: "请改名后重新选择。", en: "Rename the file and choose it again." },
  ],
  TOO_LARGE: [
    { zh: "文件过大", en: "Too large" },
    { zh: "投标文件合计不得超过 2 GB，最多 500 个文件。", en: "A bid holds at most 2 GB in 500 files." },
    { zh: "请压缩图片或合并文件。", en: "Compress pictures or join files." },
  ],
  SOURCE: [
    { zh: "文件读取中断", en: "Reading a file was interrupted" },
    { zh: "加密过程中文件被改动、移走，或本机空间不足。", en: "A file was changed or moved while it was sealed, or this machine ran out of space." },
    { zh: "请关闭正在编辑它的程序，重新选择后再试。", en: "Close the program that edits it, choose it again and retry." },
  ],
  KEY_FILE: [{ zh: "密钥文件不能使用", en: "This key file cannot be used" }, DAMAGED, { zh: "请换用备份的密钥文件。", en: "Use the backup copy of the key file." }],
  PASSPHRASE: [
    { zh: "口令不正确", en: "The passphrase is not right" },
    { zh: "口令与此密钥文件不符，或少于 8 个字符。", en: "It does not open this key file, or is shorter than 8 characters." },
    { zh: "请核对大小写和输入法后再试。", en: "Check capitals and input method and try again." },
  ],
  RECEIPT: [EVIDENCE, { zh: "回执不是本平台签发，或内容被改动。", en: "The receipt was not signed by this platform, or was altered." }, CALL],
  CHECKPOINT: [EVIDENCE, { zh: "检查点签名无效。", en: "The checkpoint's signature is not valid." }, CALL],
  PROOF: [EVIDENCE, { zh: "日志证明与检查点不符。", en: "The log proof does not lead to the checkpoint." }, CALL],
  ENTRY: [EVIDENCE, { zh: "日志条目格式不符。", en: "The log entry is not in the required form." }, CALL],
};

/** Any error as a refusal in words. */
export function explained(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof SealingError) {
    const [what, why, todo] = TELLING[error.code];
    return new Refusal(error.code, say(what), say(why), say(todo));
  }
  console.error(error);
  return new Refusal(
    "X-900",
    say({ zh: "浏览器中出现意外", en: "Something unexpected happened in the browser" }),
    error instanceof Error ? error.message : String(error),
    say({ zh: "请刷新页面后重试；草稿与已加密的文件不会丢失。", en: "Reload and try again; drafts and sealed files are not lost." }),
  );
}
