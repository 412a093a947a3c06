// Leaves out of Bootstrap's style sheet the components that no page uses.
//
// Bootstrap is published whole or as Sass; this keeps the plain sheet and drops every rule whose
// selectors all belong to a component below. Dialogs, menus and hints are native elements here.

import { readFile } from "node:fs/promises";

const UNUSED = [
  "accordion", "carousel", "offcanvas", "toast", "tooltip", "popover", "bs-popover", "bs-tooltip",
  "placeholder", "navbar", "dropdown", "dropup", "dropend", "dropstart", "dropleft", "dropright",
  "modal", "list-group", "spinner", "btn-close", "btn-outline-info", "btn-outline-light",
  "btn-outline-dark", "btn-info", "btn-light", "btn-dark", "btn-warning", "btn-success", "text-bg",
  "link-offset", "link-underline", "link-opacity", "focus-ring", "icon-link", "ratio", "vr",
  "form-floating", "form-range", "input-group", "figure", "img-thumbnail", "blockquote", "display",
  "card-group", "card-img", "nav-pills", "nav-underline", "progress-bar", "progress-stacked",
  "btn-group", "alert-dismissible", "table-primary", "table-secondary", "table-success",
  "table-info", "table-warning", "table-danger", "table-light", "table-dark", "bg-gradient",
  "opacity", "z", "object-fit", "overflow-x", "overflow-y", "shadow", "translate-middle", "g-xxl",
  "rounded-top", "rounded-bottom", "rounded-start", "rounded-end", "float", "fs", "fst",
];
const pattern = new RegExp(`\\.(?:${UNUSED.join("|")})(?![a-z])`);

/** The index just after the block that opens at `open`. */
function blockEnd(css, open) {
  let depth = 0;
  for (let at = open; at < css.length; at += 1) {
    if (css[at] === "{") depth += 1;
    else if (css[at] === "}") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  throw new Error("unbalanced style sheet");
}

function keep(css) {
  let kept = "";
  let at = 0;
  while (at < css.length) {
    const open = css.indexOf("{", at);
    if (open < 0) break;
    const prelude = css.slice(at, open).trim();
    const end = blockEnd(css, open);
    const body = css.slice(open + 1, end - 1);
    if (prelude.startsWith("@media") || prelude.startsWith("@supports")) {
      const inner = keep(body);
      if (inner) kept += `${prelude}{${inner}}\n`;
    } else if (prelude.startsWith("@keyframes")) {
      // Only the components left out above are animated.
    } else {
      const selectors = prelude.split(/,(?![^()]*\))/).filter((selector) => !pattern.test(selector));
      if (selectors.length) kept += `${selectors.join(",")}{${body}}\n`;
    }
    at = end;
  }
  return kept;
}

export function bootstrapParts() {
  return {
    name: "bootstrap-parts",
    setup(build) {
      build.onLoad({ filter: /bootstrap[\\/]dist[\\/]css[\\/]bootstrap\.css$/ }, async ({ path }) => {
        const css = await readFile(path, "utf8");
        const plain = css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/@charset[^;]*;/, "");
        return { contents: keep(plain), loader: "css" };
      });
    },
  };
}
