/** The browser's private file system (OPFS): sealed bids and encrypted drafts, never clear text. */

const FOLDER = "hengping";

async function folder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(FOLDER, { create: true });
}

async function fileHandle(name: string): Promise<FileSystemFileHandle> {
  return (await folder()).getFileHandle(name, { create: true });
}

/** A file under the exclusive hold of one worker: many times faster than slices and streams. */
export interface HeldFile {
  getSize(): number;
  read(data: Uint8Array, options: { at: number }): number;
  write(data: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** Takes hold of a file, which only a worker can; refused while another one holds it. */
export async function holdFile(name: string): Promise<HeldFile> {
  // The page's own typing does not know the worker's world.
  const handle = (await fileHandle(name)) as FileSystemFileHandle & { createSyncAccessHandle(): Promise<HeldFile> };
  return handle.createSyncAccessHandle();
}

/** The file, or null when it was never written or has been cleared away. */
export async function readFile(name: string): Promise<File | null> {
  try {
    return await (await (await folder()).getFileHandle(name)).getFile();
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return null;
    throw error;
  }
}

export async function removeFile(name: string): Promise<void> {
  try {
    await (await folder()).removeEntry(name);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "NotFoundError")) throw error;
  }
}

/** Asks the browser not to clear this site's files when space runs short. */
export async function keepFiles(): Promise<boolean> {
  return (await navigator.storage.persist?.()) ?? false;
}

/** Free space in bytes as far as the browser tells. */
export async function freeSpace(): Promise<number> {
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return quota - usage;
}
