/** Runs before the first paint: marks the page as scripted and settles what theme "auto" means. */

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const settle = (): void => {
  const chosen = root.dataset["theme"] ?? "auto";
  root.dataset["bsTheme"] = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
};
settle();
dark.addEventListener("change", settle);
root.classList.add("scripted");
