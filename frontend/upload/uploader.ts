/**
 * Resumable upload of a sealed file (tus 1.0) in 2 MiB chunks.
 *
 * What is sent is always the stored sealed file, so that whatever part of it went before belongs
 * to the same bytes. A broken connection is waited out; only a refusal ends an upload.
 */

import { DetailedError, Upload } from "tus-js-client";

import { refusal } from "../ui/words";

const CHUNK = 2 * 1024 * 1024;
const WAIT_MS = [0, 500, 1000, 2000, 4000, 8000];
const LAST_WAIT_MS = 8000;

export interface UploadPlan {
  readonly file: File;
  readonly endpoint: string;
  /** Where an earlier try has got to, if there was one. */
  readonly url: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** The upload has an address: remember it before anything is sent. */
  readonly onUrl: (url: string) => Promise<void> | void;
  readonly onProgress: (sent: number) => void;
  readonly onWaiting: (sent: number) => void;
}

function status(error: unknown): number {
  return error instanceof DetailedError ? (error.originalResponse?.getStatus() ?? 0) : 0;
}

/** 0 is the network; 409, 423, 429 and 5xx pass by themselves; anything else is an answer. */
function passing(code: number): boolean {
  return code === 0 || code === 409 || code === 423 || code === 429 || code >= 500;
}

function refused(code: number): Error {
  if (code === 410) {
    return refusal(
      "B-410",
      { zh: "上传已停止", en: "The upload was stopped" },
      { zh: "投标截止时间已过，服务器不再接收。", en: "The deadline has passed; the server takes no more." },
      { zh: "已加密的文件仍保存在本机。如有异议，请联系交易中心。", en: "The sealed file stays on this machine. Contact the centre if you disagree." },
    );
  }
  return refusal(
    `B-${code}`,
    { zh: "上传被拒绝", en: "The upload was refused" },
    { zh: "服务器回复 {code}。", en: "The server answered {code}." },
    { zh: "请重新登录后再试。", en: "Sign in again and retry." },
    { code },
  );
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      clearTimeout(timer);
      removeEventListener("online", go);
      resolve();
    };
    const timer = setTimeout(go, milliseconds);
    addEventListener("online", go, { once: true });
    signal.addEventListener("abort", go, { once: true });
  });
}

/** One try: to the end, or to the first error. Gives the upload's address. */
function attempt(plan: UploadPlan, url: string | null, note: (sent: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(plan.file, {
      endpoint: plan.endpoint,
      uploadUrl: url,
      chunkSize: CHUNK,
      retryDelays: null,
      storeFingerprintForResuming: false,
      metadata: { ...plan.metadata },
      headers: { ...plan.headers },
      onUploadUrlAvailable: () => void plan.onUrl(upload.url ?? ""),
      onProgress: (sent) => note(sent),
      onSuccess: () => resolve(upload.url ?? ""),
      onError: reject,
    });
    plan.signal.addEventListener("abort", () => {
      void upload.abort();
      reject(plan.signal.reason as Error);
    });
    upload.start();
  });
}

/** Uploads the file however often the connection breaks; gives the upload's address. */
export async function uploadSealed(plan: UploadPlan): Promise<string> {
  let url = plan.url;
  let sent = 0;
  const within: UploadPlan = {
    ...plan,
    onUrl: async (made) => {
      url = made;
      await plan.onUrl(made);
    },
  };
  for (let failures = 0; ; ) {
    try {
      return await attempt(within, url, (bytes) => {
        if (bytes > sent) failures = 0;
        sent = bytes;
        plan.onProgress(bytes);
      });
    } catch (error) {
      plan.signal.throwIfAborted();
      const code = status(error);
      if (!(error instanceof DetailedError)) throw error;
      if (code === 404 && url) url = null;
      else if (!passing(code)) throw refused(code);
      plan.onWaiting(sent);
      await wait(WAIT_MS[failures] ?? LAST_WAIT_MS, plan.signal);
      failures += 1;
    }
  }
}
