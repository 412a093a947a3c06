/**
 * The offline page: key, seal, inspect, release, verify in one file that opens no connection.
 *
 * Its text is Chinese; the English stands beside each sentence in `data-en`.
 */

import { all, need } from "../ui/dom";
import { startInspecting } from "./inspecting";
import { startKeygen } from "./keygen";
import { startReleasing } from "./releasing";
import { startSealing } from "./sealing";
import { startVerifying } from "./verifying";

function speak(english: boolean): void {
  document.documentElement.lang = english ? "en" : "zh-Hans";
  for (const one of all("[data-en]")) {
    one.dataset["zh"] ??= one.textContent ?? "";
    one.textContent = (english ? one.dataset["en"] : one.dataset["zh"]) ?? "";
  }
  document.title = need("h1").textContent ?? "";
}

need("#language").addEventListener("click", () => speak(document.documentElement.lang !== "en"));
startKeygen();
startSealing();
startInspecting();
startReleasing();
startVerifying();
