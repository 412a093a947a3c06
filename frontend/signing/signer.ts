/** Signing: ECDSA P-256 over the purpose and the body; the certificate stays loaded for the session. */

import { concat, utf8 } from "../sealing/bytes";
import { b64u } from "../sealing/encoding";
import { entries, put, remove } from "../store/database";
import type { Signer } from "./pkcs12";

/** How long a certificate loaded on the sign-in page waits to be taken over by who signed in. */
const ADOPTION_MS = 5 * 60 * 1000;
const VISITOR = "visitor";

export interface Signature {
  readonly signature: string;
  readonly certificate: string;
}

interface Kept {
  readonly signer: Signer;
  readonly at: number;
}

function person(): string {
  return document.body.dataset["person"] || VISITOR;
}

/** Signs a body for a purpose. */
export async function sign(signer: Signer, purpose: string, body: Uint8Array): Promise<Signature> {
  const message = concat(utf8("ggzy-sign/1\0"), utf8(purpose), utf8("\0"), body);
  const raw = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, signer.key, message);
  return { signature: b64u(new Uint8Array(raw)), certificate: signer.pem };
}

/** Keeps a certificate until sign-out. */
export async function keepSigner(signer: Signer): Promise<void> {
  await put("certificates", person(), { signer, at: Date.now() } satisfies Kept);
}

/** The certificate of whoever is signed in, if it was loaded in this session. */
export async function currentSigner(): Promise<Signer | null> {
  await forgetOthers();
  const kept = (await entries<Kept>("certificates")).find(([who]) => who === person());
  return kept?.[1].signer ?? null;
}

/**
 * Forgets the certificates of everybody but the person signed in; on a page without anybody signed
 * in, all of them. The one just used to sign in becomes that person's.
 */
export async function forgetOthers(): Promise<void> {
  const who = person();
  for (const [owner, kept] of await entries<Kept>("certificates")) {
    if (owner === who && who !== VISITOR) continue;
    const fresh = owner === VISITOR && Date.now() - kept.at < ADOPTION_MS;
    if (fresh && who === VISITOR) continue;
    if (fresh) await put("certificates", who, kept);
    await remove("certificates", owner);
  }
}

export async function forgetSigner(): Promise<void> {
  await remove("certificates", person());
}
