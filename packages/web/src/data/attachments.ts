import { endpoints } from "@change-mgmt/api/endpoints.ts";
import type { Problem } from "@change-mgmt/api/problem.ts";
import { checkOutside } from "@change-mgmt/domain/lifecycle/implementation/attachments.ts";
import { useEffect, useRef, useState } from "react";
import { problemOf, refreshChange } from "./ask.ts";
import { call } from "./client.ts";
import { sendWithProgress } from "./send-with-progress.ts";
import type { Attachment } from "./types.ts";

/** Where the bytes of an attachment are; the answer is saved by the browser, or shown where an image asks for it. */
export function contentAddress(id: string): string {
  return endpoints["attachments.download"].path.replace(":id", encodeURIComponent(id));
}

/** A file on its way to the server, or one that did not get there. */
export interface Upload {
  readonly key: number;
  readonly name: string;
  readonly size: number;
  /** Bytes that have gone out. */
  readonly sent: number;
  readonly problem?: Problem;
}

let keys = 0;

/**
 * Attaches files to a change, one after the other: `const { uploads, attach, dismiss } = useUploads(number, limit, onAttached)`. `onAttached`
 * hears of each that has arrived. What is on its way is given up when the page is left.
 */
export function useUploads(number: string, limit: number, onAttached?: (attachment: Attachment) => void) {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => {
    const controller = new AbortController();
    leaving.current = controller;
    return () => controller.abort();
  }, []);
  const dismiss = (key: number) => setUploads((before) => before.filter((one) => one.key !== key));
  const change = (key: number, more: Partial<Upload>) =>
    setUploads((before) => before.map((one) => (one.key === key ? { ...one, ...more } : one)));
  const send = async (key: number, file: File) => {
    const possible = checkOutside(file.name, file.size, limit);
    if (!possible.ok) {
      const { message, ...refusal } = possible.refusal;
      return change(key, {
        problem: {
          type: "about:blank",
          title: refusal.code,
          status: 0,
          code: refusal.code,
          detail: message,
          hint: refusal.hint,
        },
      });
    }
    try {
      const query = { name: file.name, ...(file.type === "" ? {} : { type: file.type }) };
      const signal = leaving.current!.signal;
      const attached = await call(
        "changes.attach",
        { params: { id: number }, query, body: file, signal },
        sendWithProgress((sent) => change(key, { sent })),
      );
      dismiss(key);
      onAttached?.(attached);
      await refreshChange(number);
    } catch (error) {
      if (!leaving.current?.signal.aborted) change(key, { problem: problemOf(error) });
    }
  };
  const attach = async (files: readonly File[]) => {
    const added = files.map((file) => ({ file, upload: { key: ++keys, name: file.name, size: file.size, sent: 0 } }));
    setUploads((before) => [...before, ...added.map(({ upload }) => upload)]);
    for (const { file, upload } of added) await send(upload.key, file);
  };
  return { uploads, attach, dismiss };
}
