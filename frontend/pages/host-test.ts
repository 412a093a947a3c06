/**
 * The server's re-load test of a host key: a box only two holders can open.
 *
 * Taken at the ceremony, and again on `[data-hp=host-test]` in the last day before the hour.
 */

import { b64u, unb64u } from "../sealing/encoding";
import { type OpeningKey, unbox } from "../sealing/keys";
import { exact, isHash, someOctets } from "../sealing/shapes";
import { postAct } from "../signing/act";
import { fact, onPage, part } from "../ui/dom";
import { busily, tellDone } from "../ui/telling";
import { say } from "../ui/words";
import { heldKey } from "./holders";

const CHALLENGE = { box: someOctets, context: isHash };
const WORDS = {
  passed: { zh: "密钥试装通过", en: "The key passed the re-load test" },
} as const;

/** Opens the test box and posts what is in it. */
export async function answerChallenge(url: string, challenge: unknown, key: OpeningKey): Promise<void> {
  const { box, context } = exact(challenge, CHALLENGE, "challenge");
  const secret = await unbox(key, unb64u(box), "host", unb64u(context));
  await postAct(url, { answer: b64u(secret) });
}

export function startHostTest(): void {
  onPage("host-test", (module) => {
    const button = part<HTMLButtonElement>(module, "start");
    button.addEventListener("click", () => {
      void busily(module, button, async () => {
        const key = await heldKey(module);
        const url = fact(module, "testUrl");
        await answerChallenge(url, (await postAct(url, {}))["challenge"], key);
        module.dataset["state"] = "tested";
        tellDone(module, say(WORDS.passed));
      });
    });
  });
}
