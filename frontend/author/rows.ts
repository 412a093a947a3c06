/** Small builders of labelled controls for the editors of a lot and an addendum. */

/** A control with its label in one `.field`; `id` tells the controls of a page apart. */
export function labelled(id: string, words: string, control: HTMLElement, classes = "field"): HTMLElement {
  const made = document.createElement("div");
  made.className = classes;
  control.id = id;
  const label = document.createElement("label");
  label.htmlFor = id;
  label.textContent = words;
  made.append(label, control);
  return made;
}

/** A line of text; figures are typed with a decimal keyboard on a phone. */
export function textInput(value: string, set: (value: string) => void, figures = false): HTMLInputElement {
  const made = document.createElement("input");
  made.className = "form-control";
  made.autocomplete = "off";
  made.value = value;
  if (figures) made.inputMode = "decimal";
  made.addEventListener("input", () => set(made.value.trim()));
  return made;
}

/** Several lines of text. */
export function textArea(value: string, set: (value: string) => void): HTMLTextAreaElement {
  const made = document.createElement("textarea");
  made.className = "form-control";
  made.rows = 2;
  made.value = value;
  made.addEventListener("input", () => set(made.value.trim()));
  return made;
}

/** A choice of code and label. */
export function choice(
  value: string,
  options: readonly (readonly [string, string])[],
  set: (value: string) => void,
): HTMLSelectElement {
  const made = document.createElement("select");
  made.className = "form-select";
  for (const [code, label] of options) made.add(new Option(label, code, false, code === value));
  made.addEventListener("change", () => set(made.value));
  return made;
}

/** A small button. */
export function button(words: string, disabled: boolean, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-secondary btn-sm";
  made.textContent = words;
  made.disabled = disabled;
  made.addEventListener("click", act);
  return made;
}

/** Draws a place anew and gives the focus back to the control that had it. */
export function redrawn(place: HTMLElement, children: readonly HTMLElement[]): void {
  const focused = place.contains(document.activeElement) ? document.activeElement?.id : "";
  place.replaceChildren(...children);
  if (focused) document.getElementById(focused)?.focus();
}

/** Hides the field whose text a module writes; without a script it stays and can be typed into. */
export function takenOver(form: ParentNode, name: string): HTMLInputElement | HTMLTextAreaElement | null {
  const found = form.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[name=${name}]`);
  found?.closest<HTMLElement>(".field")?.setAttribute("hidden", "");
  return found;
}
