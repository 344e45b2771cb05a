import type { Problem } from "@change-mgmt/api/problem.ts";
import { useSyncExternalStore } from "react";

/** Whether somebody is signed in on this device; the session itself is a cookie that no script can read. */
export type SessionState = "unknown" | "in" | "out";

/** Remembers that there was a session, so that somebody who never signed in is not asked about in vain. */
const MARK = "signed-in";
const listeners = new Set<() => void>();
let state: SessionState = localStorage.getItem(MARK) === null ? "out" : "unknown";
let ended: Problem | undefined;

export const session = {
  get state(): SessionState {
    return state;
  },
  /** Why the last session ended, where the server ended it. */
  get ended(): Problem | undefined {
    return ended;
  },
  begin(): void {
    ended = undefined;
    localStorage.setItem(MARK, "yes");
    turn("in");
  },
  end(because?: Problem): void {
    ended = because;
    localStorage.removeItem(MARK);
    turn("out");
  },
};

/** Whether somebody is signed in, as it is now. */
export function useSession(): SessionState {
  return useSyncExternalStore(subscribe, () => session.state);
}

function turn(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
