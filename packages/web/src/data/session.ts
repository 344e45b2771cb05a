import type { Problem } from "@change-mgmt/api/problem.ts";
import { useSyncExternalStore } from "react";

const KEY = "token";
const listeners = new Set<() => void>();
let ended: Problem | undefined;

/** The token of this tab's session. It goes with the tab. */
export const session = {
  get token(): string | null {
    return sessionStorage.getItem(KEY);
  },
  /** Why the last session ended, where the server ended it. */
  get ended(): Problem | undefined {
    return ended;
  },
  begin(token: string): void {
    ended = undefined;
    sessionStorage.setItem(KEY, token);
    tell();
  },
  end(because?: Problem): void {
    ended = because;
    sessionStorage.removeItem(KEY);
    tell();
  },
};

/** The token of this tab's session, as it is now. */
export function useToken(): string | null {
  return useSyncExternalStore(subscribe, () => session.token);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
