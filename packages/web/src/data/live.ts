import { ProblemError } from "@change-mgmt/api/client.ts";
import { useEffect, useState } from "react";
import { refreshChange, refreshRooms, refreshShown } from "./ask.ts";
import { call } from "./client.ts";

/** Whether this page hears of changes as they happen. */
export type LiveState = "connecting" | "live" | "lost";

interface LiveEvent {
  readonly seq: number;
  readonly type: string;
  readonly change: string | null;
}

/** Rooms of endpoints that an event without a change makes old, by the first word of its type. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  user: ["users", "teams", "me", "sessions"],
  session: ["sessions", "me"],
  team: ["users", "teams", "me"],
  token: ["tokens"],
  link: ["tokens"],
  config: ["config", "environments", "processes"],
  environment: ["environments"],
  hold: ["hold"],
  meeting: ["meetings", "boards"],
  job: ["jobs"],
  "saved-view": ["savedViews"],
};

/** In place of a number. */
const EVERY_CHANGE = "";

/** Follows the server's events while somebody is signed in, and has what they made old read again. Says how the connection stands. */
export function useLiveUpdates(signedIn: boolean): LiveState {
  const [state, setState] = useState<LiveState>("connecting");
  useEffect(() => {
    if (!signedIn) return;
    const leaving = new AbortController();
    follow(leaving.signal, gather(), setState);
    return () => leaving.abort();
  }, [signedIn]);
  return state;
}

/** Collects a burst of events, then has each thing read again once. */
function gather(): (event: LiveEvent) => void {
  const changes = new Set<string>();
  const rooms = new Set<string>();
  let gathering = false;
  return ({ type, change }) => {
    if (change !== null) changes.add(change);
    // An environment that is taken or free again concerns every change that goes there, and a hold all of them.
    if (/^(deployment|rollback|hold)\./.test(type)) changes.add(EVERY_CHANGE);
    for (const room of ROOMS[type.split(".")[0]!] ?? []) rooms.add(room);
    if (gathering) return;
    gathering = true;
    setTimeout(() => {
      gathering = false;
      if (changes.has(EVERY_CHANGE)) refreshChange(undefined);
      else for (const number of changes) refreshChange(number);
      if (rooms.size > 0) refreshRooms([...rooms]);
      changes.clear();
      rooms.clear();
    }, 200);
  };
}

/** Reads the stream until the signal, taking up after the last event that came whenever the connection breaks. */
async function follow(
  signal: AbortSignal,
  onEvent: (event: LiveEvent) => void,
  onState: (state: LiveState) => void,
): Promise<void> {
  let lastId = "";
  let wait = 1000;
  let broken = false;
  while (!signal.aborted) {
    try {
      const response = await call("events", { signal, ...(lastId ? { lastEventId: lastId } : {}) });
      onState("live");
      wait = 1000;
      if (broken) refreshShown();
      broken = false;
      for await (const { id, data } of eventsOf(response)) {
        lastId = id || lastId;
        onEvent(JSON.parse(data) as LiveEvent);
      }
    } catch (error) {
      if (signal.aborted || (error instanceof ProblemError && [401, 403].includes(error.problem.status))) return;
    }
    if (signal.aborted) return;
    onState("lost");
    broken = true;
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 2, 15_000);
  }
}

/** The events of a stream as they come; comments and retry hints are left out. */
async function* eventsOf(response: Response): AsyncGenerator<{ id: string; data: string }> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (text + value).split("\n\n");
    text = blocks.pop()!;
    for (const block of blocks) {
      const field = (name: string) => block.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1] ?? "";
      if (field("data")) yield { id: field("id"), data: field("data") };
    }
  }
}
