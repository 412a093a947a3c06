/** What a reader's own machine remembers: bookmarks, and where one left off. */

export function kept<T>(name: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null") as T | null;
  } catch {
    return null;
  }
}

export function keep(name: string, value: unknown): void {
  localStorage.setItem(name, JSON.stringify(value));
}
