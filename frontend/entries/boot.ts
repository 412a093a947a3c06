/** Runs before the first paint: marks the page as scripted and applies the reader's theme. */

const chosen = /(?:^|; )hp-theme=(light|dark)/.exec(document.cookie)?.[1];
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.dataset["bsTheme"] = chosen ?? (dark ? "dark" : "light");
document.documentElement.classList.add("scripted");
