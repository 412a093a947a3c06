/** Sentences that scripts say, in the page's language. The type keeps both languages complete. */

export type Words = { readonly zh: string; readonly en: string };
export type Facts = Readonly<Record<string, string | number>>;

/** The sentence in the page's language, `{name}` replaced by facts. */
export function say(words: Words, facts: Facts = {}): string {
  // Asked each time: the offline page changes its language while it is open.
  const text = document.documentElement.lang.startsWith("en") ? words.en : words.zh;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
}

/** A way to where something can be done about it. */
export interface Link {
  readonly href: string;
  readonly words: string;
}

/** A refusal in words: what happened, why, what to do, and its code. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly what: string,
    readonly why: string,
    readonly todo: string,
    readonly link?: Link,
  ) {
    super([what, why, todo, `(${code})`].filter(Boolean).join(" "));
    this.name = "Refusal";
  }
}

/** A refusal from a table of words. */
export function refusal(code: string, what: Words, why: Words, todo: Words, facts: Facts = {}, link?: Link): Refusal {
  return new Refusal(code, say(what, facts), say(why, facts), say(todo, facts), link);
}
