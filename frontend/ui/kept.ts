/**
 * What was typed outlives a session that ended: sign in again, and it stands where it stood.
 *
 * A posted form is kept for the tab until the next page. If that page is a sign-in, it waits for
 * the page it was typed on and for the same person; on any other page it is forgotten. Passwords,
 * files and hidden fields are never kept, and a bid's draft is no posted form.
 */

import { all } from "./dom";
import { toast } from "./toast";
import { say } from "./words";

const STORED = "hp-kept";
const SIGN_IN = /^\/(login|my\/second-factor)/;
const BACK = {
  zh: "登录已过期。您填写的内容已恢复，请核对后再次提交。",
  en: "Your session had ended. What you typed is back; check it and submit again.",
} as const;
const KEPT = "input:not([type=password], [type=hidden], [type=file]), select, textarea";
type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

interface Kept {
  readonly path: string;
  readonly action: string;
  readonly person: string;
  readonly fields: readonly (readonly [name: string, value: string, ticked: boolean])[];
  readonly turnedAway?: boolean;
}

export function startKept(): void {
  const person = document.body.dataset["person"] ?? "";
  const kept = JSON.parse(sessionStorage.getItem(STORED) ?? "null") as Kept | null;
  if (kept && SIGN_IN.test(location.pathname)) {
    keep({ ...kept, turnedAway: true });
  } else {
    sessionStorage.removeItem(STORED);
    const here = kept?.path === location.pathname && kept.person === person;
    if (kept?.turnedAway && here) putBack(kept);
  }
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (person && form.method === "post") keep(typedIn(form, person));
  });
}

function keep(kept: Kept): void {
  sessionStorage.setItem(STORED, JSON.stringify(kept));
}

function fieldsOf(form: HTMLFormElement): Field[] {
  return all<Field>(KEPT, form).filter((field) => field.name);
}

function canBeTicked(field: Field): field is HTMLInputElement {
  return field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type);
}

function typedIn(form: HTMLFormElement, person: string): Kept {
  const fields = fieldsOf(form).map(
    (one) => [one.name, one.value, canBeTicked(one) && one.checked] as const,
  );
  return { path: location.pathname, action: form.action, person, fields };
}

function putBack(kept: Kept): void {
  const form = all<HTMLFormElement>("form").find((one) => one.method === "post" && one.action === kept.action);
  if (!form) return;
  const typed = [...kept.fields];
  for (const field of fieldsOf(form)) {
    const same = ([name, value]: Kept["fields"][number]): boolean =>
      name === field.name && (!canBeTicked(field) || value === field.value);
    const at = typed.findIndex(same);
    const found = typed[at];
    if (!found) continue;
    typed.splice(at, 1); // of two fields of one name each gets its own
    if (canBeTicked(field)) field.checked = found[2];
    else field.value = found[1];
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.closest("details")?.setAttribute("open", "");
  }
  toast(say(BACK), "todo");
  form.scrollIntoView({ block: "center" });
}
