import { useEffect, useReducer, useState } from "react";
import { problemOf } from "../../data/ask.ts";
import { call } from "../../data/client.ts";
import type { Artifact } from "../../data/types.ts";
import { afterTold, type Draft, draftOf, hasErrors, NOTHING_TRIED, type Told, type Tries } from "./tries.ts";

/** Milliseconds of quiet before a text is read, and then before it is rehearsed. */
const QUIET = { read: 300, rehearse: 500 };

/** Tries the migrations of a form while they are written: reads them as soon as the keys rest, then rehearses them. */
export function useTries(
  artifacts: readonly Artifact[],
  change: string | undefined,
): { tries: Tries; again: () => void } {
  const [tries, tell] = useReducer(afterTold, NOTHING_TRIED);
  const [turn, setTurn] = useState(0);
  const draft = draftOf(artifacts, change);
  const text = draft === null ? null : JSON.stringify(draft);
  const key = text === null ? null : `${turn}${text}`;
  useEffect(() => {
    tell({ type: "written", key });
    if (text === null || key === null) return;
    const leaving = new AbortController();
    tryOut(JSON.parse(text) as Draft, key, leaving.signal, tell);
    return () => leaving.abort();
  }, [text, key]);
  return { tries, again: () => setTurn((before) => before + 1) };
}

async function tryOut(draft: Draft, key: string, signal: AbortSignal, tell: (told: Told) => void): Promise<void> {
  try {
    await rest(QUIET.read, signal);
    const checked = await call("rehearsals.check", { body: draft, signal });
    tell({ type: "checked", key, answer: checked });
    if (!hasErrors(checked)) await rest(QUIET.rehearse, signal);
    tell({ type: "running", key });
    tell({ type: "rehearsed", key, answer: await call("rehearsals.try", { body: draft, signal }) });
  } catch (error) {
    if (!signal.aborted) tell({ type: "refused", key, problem: problemOf(error) });
  }
}

/** Waits, and rejects when the signal is aborted meanwhile. */
async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
