/** What was typed becomes the opening form that is sealed. */

import type { Draft } from "../sealing/drafts";
import { SealingError } from "../sealing/errors";
import { type Form, readForm } from "../sealing/form";
import { parseYuan } from "../ui/money";

/** The opening form of a draft, as it will be sealed. */
export function formOf(
  { fields, claims, extra }: Pick<Draft, "fields" | "claims" | "extra">,
  { lot, docVersion }: { readonly lot: string; readonly docVersion: number },
): Form {
  const fen = parseYuan(fields["price"] ?? "");
  if (fen === null || fen > BigInt(Number.MAX_SAFE_INTEGER)) throw new SealingError("FORM", "price");
  return readForm({
    v: 1,
    lot,
    doc_version: docVersion,
    price_fen: Number(fen),
    duration_days: Number(fields["duration_days"]),
    quality: fields["quality"] ?? "",
    manager: fields["manager"] ?? "",
    claims,
    extra: extra.map(({ label, value }) => ({ label, value })),
  });
}
