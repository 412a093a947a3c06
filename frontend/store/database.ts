/** The browser's own shelf (IndexedDB): keys that cannot be read out, drafts, jobs, receipts. */

const NAME = "hengping";
const VERSION = 1;
export const STORES = ["certificates", "opening-keys", "drafts", "jobs", "receipts", "pins"] as const;
export type Store = (typeof STORES)[number];

let opening: Promise<IDBDatabase> | null = null;

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's store failed"));
  });
}

function database(): Promise<IDBDatabase> {
  opening ??= (() => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const store of STORES) request.result.createObjectStore(store);
    };
    return done(request);
  })();
  return opening;
}

async function shelf(store: Store, mode: IDBTransactionMode): Promise<IDBObjectStore> {
  return (await database()).transaction(store, mode).objectStore(store);
}

export async function get<T>(store: Store, key: string): Promise<T | undefined> {
  return done((await shelf(store, "readonly")).get(key)) as Promise<T | undefined>;
}

export async function put(store: Store, key: string, value: unknown): Promise<void> {
  await done((await shelf(store, "readwrite")).put(value, key));
}

export async function remove(store: Store, key: string): Promise<void> {
  await done((await shelf(store, "readwrite")).delete(key));
}

export async function entries<T>(store: Store): Promise<[string, T][]> {
  const within = await shelf(store, "readonly");
  const [keys, values] = await Promise.all([done(within.getAllKeys()), done(within.getAll())]);
  return keys.map((key, index) => [String(key), values[index] as T]);
}
