/** What a record keeps of a file it relies on: enough to prove later which bytes were meant. `sha256` is hex of the bytes. */
export interface CitedFile {
  readonly id: string;
  readonly name: string;
  /** Media type as recognised by content. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** A file attached to a change. */
export interface Attachment extends CitedFile {
  readonly by: string;
  readonly at: string;
  /** Who took it away, and when; its bytes may be gone then, its hash stays. */
  readonly removed?: { readonly by: string; readonly at: string };
}

/** A size as people say it, in decimal units: "512 bytes", "1.2 MB". */
export function sizeInWords(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  const [size, unit] = bytes < 999_950 ? [bytes / 1000, "kB"] : [bytes / 1_000_000, "MB"];
  return `${size.toFixed(1).replace(/\.0$/, "")} ${unit}`;
}
