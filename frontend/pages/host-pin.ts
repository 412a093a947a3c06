/**
 * Pinning the host key of a lot: `[data-hp=host-pin][data-lot][data-kid]` on the notice page.
 *
 * What this machine saw first, it keeps. A page that later offers another key would have the bid
 * sealed to a stranger, and is refused.
 */

import { get, put } from "../store/database";
import { fact, onPage } from "../ui/dom";
import { toast } from "../ui/toast";
import { refusal } from "../ui/words";

/** Remembers the key at first sight, refuses another one later. */
export async function checkPin(lot: string, kid: string): Promise<void> {
  const pinned = await get<string>("pins", lot);
  if (pinned === undefined) {
    await put("pins", lot, kid);
  } else if (pinned !== kid) {
    throw refusal(
      "K-292",
      { zh: "招标人公钥与公告不一致", en: "The host key is not the one of the notice" },
      { zh: "此前看到的指纹是 {pinned}，现在给出的是 {kid}。", en: "It was {pinned} before, now it is {kid}." },
      { zh: "请勿递交，立即联系交易中心和监督部门。", en: "Do not submit; contact the centre and the supervisor at once." },
      { pinned, kid },
    );
  }
}

export function startHostPin(): void {
  onPage("host-pin", (notice) => {
    checkPin(fact(notice, "lot"), fact(notice, "kid")).catch((error: unknown) => {
      toast(error instanceof Error ? error.message : String(error), "failed");
    });
  });
}
