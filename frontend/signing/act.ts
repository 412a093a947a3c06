/** An act sent by a script: the same command, fields and signature as a signed form. */

import { Refusal, refusal } from "../ui/words";
import { type ActName, canonicalBody } from "./body";
import type { Signer } from "./pkcs12";
import { sign } from "./signer";

export interface SignedAct {
  readonly url: string;
  readonly name: ActName;
  readonly purpose: string;
  readonly command: string;
  readonly fields: Readonly<Record<string, string>>;
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
export async function readReply(reply: Response): Promise<Readonly<Record<string, unknown>>> {
  const body = (await reply.json().catch(() => ({}))) as ErrorBody & Record<string, unknown>;
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

/** Reads JSON that belongs to this page. */
export async function fetchJson(url: string): Promise<Readonly<Record<string, unknown>>> {
  return readReply(await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store" }));
}

/** Signs and posts an act; the same command sent again is done once. */
export async function postAct({ url, name, purpose, command, fields, signer }: SignedAct): Promise<Readonly<Record<string, unknown>>> {
  const data = new FormData();
  for (const [field, value] of Object.entries(fields)) data.set(field, value);
  const { signature, certificate } = await sign(signer, purpose, await canonicalBody(name, data));
  data.set("command_id", command);
  data.set("signature", signature);
  data.set("certificate", certificate);
  const headers = { ...csrfHeaders(), Accept: "application/json" };
  return readReply(await fetch(url, { method: "POST", body: data, headers }));
}
