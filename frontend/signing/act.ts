/** An act sent by a script: the same command, fields and signature as a form. */

import { Refusal, refusal } from "../ui/words";
import { type ActName, canonicalBody } from "./body";
import type { Signer } from "./pkcs12";
import { sign } from "./signer";

export type Reply = Readonly<Record<string, unknown>>;
export type Fields = Readonly<Record<string, string>>;

export interface SignedAct {
  readonly url: string;
  readonly name: ActName;
  readonly purpose: string;
  readonly command: string;
  readonly fields: Fields;
  readonly signer: Signer;
}

/** The token that tells our own pages from others'; base.html carries it for htmx too. */
export function csrfHeaders(): Readonly<Record<string, string>> {
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
}

interface ErrorBody {
  readonly error?: { readonly code: string; readonly what: string; readonly why: string; readonly do: string };
}

/** The JSON of a reply, or the refusal it carries. */
async function readReply(reply: Response): Promise<Reply> {
  const body = (await reply.json().catch(() => ({}))) as ErrorBody & Reply;
  if (body.error) throw new Refusal(body.error.code, body.error.what, body.error.why, body.error.do);
  if (!reply.ok) {
    throw refusal(
      `X-${reply.status}`,
      { zh: "服务器没有接受", en: "The server did not accept this" },
      { zh: "服务器回复 {status}。", en: "The server answered {status}." },
      { zh: "请稍后重试；若临近截止，请立即联系交易中心。", en: "Try again; close to a deadline, call the centre at once." },
      { status: reply.status },
    );
  }
  return body;
}

/** A request that no answer came to: nothing is known of what it did, and it may be repeated. */
async function ask(url: string, options: RequestInit): Promise<Reply> {
  let reply: Response;
  try {
    reply = await fetch(url, options);
  } catch {
    throw refusal(
      "X-000",
      { zh: "没有连上服务器", en: "The server was not reached" },
      { zh: "网络中断或服务器暂时不可用。", en: "The network is down or the server is away for a moment." },
      { zh: "请再按一次；重复提交只算一次。", en: "Press again; a repeated act counts once." },
    );
  }
  return readReply(reply);
}

/** Reads JSON that belongs to this page. */
export function fetchJson(url: string): Promise<Reply> {
  return ask(url, { headers: { Accept: "application/json" }, cache: "no-store" });
}

function post(url: string, data: FormData, command: string): Promise<Reply> {
  data.set("command_id", command);
  return ask(url, { method: "POST", body: data, headers: { ...csrfHeaders(), Accept: "application/json" } });
}

function formOf(fields: Fields): FormData {
  const data = new FormData();
  for (const [field, value] of Object.entries(fields)) data.set(field, value);
  return data;
}

/** Posts an act that needs no signature. */
export function postAct(url: string, fields: Fields, command: string = crypto.randomUUID()): Promise<Reply> {
  return post(url, formOf(fields), command);
}

/** Signs and posts an act; the same command sent again is done once. */
export async function postSigned({ url, name, purpose, command, fields, signer }: SignedAct): Promise<Reply> {
  const data = formOf(fields);
  data.set("command_id", command);
  const { signature, certificate } = await sign(signer, purpose, await canonicalBody(name, data));
  data.set("signature", signature);
  data.set("certificate", certificate);
  return post(url, data, command);
}
