/** A message to one person. */
export interface Notice {
  /** An e-mail address. */
  readonly to: string;
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
}

/** Brings notices to people. Rejects with `NoticeRefused` where the other side will never take it, and otherwise where trying again may help. */
export interface Notifier {
  send(notice: Notice): Promise<void>;
}

/** Trying again is of no use; the message holds no secret. */
export class NoticeRefused extends Error {}
