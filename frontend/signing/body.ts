/** The body that is signed: an act's name, arguments, command and fields; the twin of accounts.web.bodies. */

import type { Bytes } from "../sealing/bytes";
import { type Json, dumps } from "../sealing/canonical";
import { hex } from "../sealing/checkpoint";

const ENVELOPE = new Set(["csrfmiddlewaretoken", "command_id", "signature", "certificate"]);
const WHOLE = 64 * 1024 * 1024;

/** What the page says about an act: the view's name and its URL arguments. */
export interface ActName {
  readonly act: string;
  readonly args: Readonly<Record<string, string>>;
}

export function actOf(element: HTMLElement): ActName {
  return {
    act: element.dataset["act"] ?? "",
    args: JSON.parse(element.dataset["args"] || "{}") as Record<string, string>,
  };
}

/** Text as a browser sends it: CRLF line ends, no lone surrogates. */
function sentText(text: string): string {
  return text.toWellFormed().replace(/\r\n|\r|\n/g, "\r\n");
}

/** A file's name as the server will read it: escaped for the wire, references resolved, no folders. */
function sentName(name: string): string {
  const wire = name.toWellFormed().replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
  const reading = document.createElement("textarea");
  reading.innerHTML = wire.replaceAll("<", "&lt;");
  return reading.value.split(/[/\\]/).at(-1) ?? "";
}

async function fileHash(file: File): Promise<string> {
  if (file.size <= WHOLE) return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer())));
  const { createSHA256 } = await import("hash-wasm");
  const hasher = await createSHA256();
  for (let at = 0; at < file.size; at += WHOLE) {
    hasher.update(new Uint8Array(await file.slice(at, at + WHOLE).arrayBuffer()));
  }
  return hasher.digest();
}

async function sentValue(value: FormDataEntryValue): Promise<Json> {
  if (typeof value === "string") return sentText(value);
  // An empty file input sends a nameless file, which the server takes for an empty text.
  if (value.name === "") return "";
  return { name: sentName(value.name), size: value.size, sha256: await fileHash(value) };
}

/** The canonical body of an act with these fields; `secret` fields are never part of it. */
export async function canonicalBody(
  { act, args }: ActName,
  data: FormData,
  secret: ReadonlySet<string> = new Set(),
): Promise<Bytes> {
  const fields: Record<string, Json> = {};
  for (const name of new Set(data.keys())) {
    if (ENVELOPE.has(name) || secret.has(name)) continue;
    const sent = await Promise.all(data.getAll(name).map(sentValue));
    fields[name] = sent.length === 1 ? (sent[0] ?? "") : sent;
  }
  return dumps({ act, args, command: String(data.get("command_id") ?? ""), fields });
}
