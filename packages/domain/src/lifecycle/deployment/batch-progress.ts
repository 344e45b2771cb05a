import { countText, secondsText } from "../assessment/target-words.ts";

/** How far a statement that goes through a table in batches has come. */
export interface BatchProgress {
  /** Rows that it has gone through, whether or not they needed to be written. */
  readonly done: number;
  /** About so many there are, by the target's statistics; null where it was never counted. */
  readonly about: number | null;
  /** Rows that were written. */
  readonly written: number;
  /** Rows a second since this run of it began; null before there is anything to go by. */
  readonly perSecond: number | null;
  /** Seconds that are left at this rate; null where nobody knows. */
  readonly secondsLeft: number | null;
}

/** Judges progress: `began` is where this run of it took it up and when, `now` in milliseconds like it. */
export function batchProgress(
  counted: Pick<BatchProgress, "done" | "about" | "written">,
  began: { readonly done: number; readonly at: number },
  now: number,
): BatchProgress {
  const seconds = (now - began.at) / 1000;
  const perSecond = seconds > 0 && counted.done > began.done ? (counted.done - began.done) / seconds : null;
  // More rows than the statistics say: how many are left is anybody's guess.
  const left = counted.about === null || counted.done > counted.about ? null : counted.about - counted.done;
  return { ...counted, perSecond, secondsLeft: perSecond === null || left === null ? null : left / perSecond };
}

/** Progress in words, such as "12,000 of about 20,000 rows, 4,110 written, 3,400 a second, about 2.4 s left". */
export function progressText({ done, about, written, perSecond, secondsLeft }: BatchProgress): string {
  const rows = about === null ? `${countText(done)} rows` : `${countText(done)} of about ${countText(about)} rows`;
  return [
    rows,
    `${countText(written)} written`,
    ...(perSecond === null ? [] : [`${countText(Math.round(perSecond))} a second`]),
    ...(secondsLeft === null ? [] : [`about ${secondsText(secondsLeft)} left`]),
  ].join(", ");
}
