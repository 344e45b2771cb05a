import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import type { Handlers } from "../commands/handler.ts";
import { type ServerSentEvent, type SseOptions, sseStream } from "./server-sent-events.ts";

/** An event as it was recorded; `seq` grows and is never given twice. */
export interface LiveEvent {
  readonly seq: number;
  readonly type: string;
  /** Number of the change it is about. */
  readonly change: string | null;
  readonly data: unknown;
}

export interface EventSource {
  /** Events that somebody may hear of, after `afterSeq` (from now on when left out), of one change or all, until the signal. */
  subscribe(options: {
    actor: Actor;
    afterSeq?: number;
    change?: string;
    signal: AbortSignal;
  }): AsyncIterable<LiveEvent>;
  /** Refuses those who may not follow events. */
  permitted(actor: Actor): Outcome<unknown> | Promise<Outcome<unknown>>;
}

/** The handler of live events. Each is sent under its seq as id and its type as event, with `{ seq, type, change, data }`. */
export function eventHandlers(
  source: EventSource,
  options: Pick<SseOptions, "heartbeatMs" | "every"> = {},
): Pick<Handlers, "events"> {
  return {
    events: async ({ actor, query, lastEventId, signal }) => {
      const permission = await source.permitted(actor);
      if (!permission.ok) return permission;
      if (lastEventId !== undefined && !/^\d{1,15}$/.test(lastEventId)) {
        return refuse(
          "INPUT_INVALID",
          "Last-Event-ID is not the id of an event.",
          "Send the id of the last event that came.",
          {
            place: { pointer: "/headers/last-event-id" },
          },
        );
      }
      const events = source.subscribe({
        actor,
        signal,
        ...(lastEventId === undefined ? {} : { afterSeq: Number(lastEventId) }),
        ...(query.change === undefined ? {} : { change: query.change }),
      });
      return accept({ pieces: sseStream(asSent(events), { ...options, signal }) });
    },
  };
}

async function* asSent(events: AsyncIterable<LiveEvent>): AsyncGenerator<ServerSentEvent> {
  for await (const { seq, type, change, data } of events) {
    yield { id: String(seq), event: type, data: { seq, type, change, data } };
  }
}
