export interface ServerSentEvent {
  /** Comes back as Last-Event-ID when the reader reconnects. */
  readonly id: string;
  readonly event: string;
  /** Sent as JSON. */
  readonly data: unknown;
}

export interface SseOptions {
  /** Ends the stream. */
  readonly signal?: AbortSignal;
  readonly heartbeatMs?: number;
  /** Calls `tick` again and again until the returned function is called; setInterval when left out. */
  readonly every?: (milliseconds: number, tick: () => void) => () => void;
}

const HEARTBEAT_MS = 15_000;

/**
 * The text of a text/event-stream: an opening comment at once, each event as it comes, a comment every 15 s of silence or not,
 * so that proxies keep the connection. Pulls the next event only when the last was taken. Ends with its source or its signal;
 * an error of the source is thrown.
 */
export async function* sseStream(
  source: AsyncIterable<ServerSentEvent>,
  options: SseOptions = {},
): AsyncGenerator<string, void, undefined> {
  const { signal, every = interval } = options;
  const iterator = source[Symbol.asyncIterator]();
  let wake = Promise.withResolvers<void>();
  let arrived: { result: IteratorResult<ServerSentEvent> } | { error: unknown } | undefined;
  let beatDue = false;
  const pull = () => {
    arrived = undefined;
    iterator.next().then(
      (result) => {
        arrived = { result };
        wake.resolve();
      },
      (error) => {
        arrived = { error };
        wake.resolve();
      },
    );
  };
  const stopBeating = every(options.heartbeatMs ?? HEARTBEAT_MS, () => {
    beatDue = true;
    wake.resolve();
  });
  const end = () => wake.resolve();
  signal?.addEventListener("abort", end);
  try {
    yield "retry: 2000\n: connected\n\n";
    pull();
    while (!signal?.aborted) {
      const now = arrived as typeof arrived;
      if (now && "error" in now) throw now.error;
      if (now?.result.done) return;
      if (now) {
        yield textOf(now.result.value as ServerSentEvent);
        pull();
      } else if (beatDue) {
        beatDue = false;
        yield ": heartbeat\n\n";
      } else {
        await wake.promise;
        wake = Promise.withResolvers();
      }
    }
  } finally {
    stopBeating();
    signal?.removeEventListener("abort", end);
    // Not awaited: a source that waits for its next event answers only when that comes, and nobody listens any more.
    iterator.return?.().catch(() => undefined);
  }
}

/** One event in the form of the wire. Throws when id or event hold a line break, which would start another field. */
function textOf({ id, event, data }: ServerSentEvent): string {
  if (["\r", "\n", "\0"].some((character) => (id + event).includes(character)))
    throw new TypeError(`Not the id and type of an event: ${JSON.stringify([id, event])}`);
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function interval(milliseconds: number, tick: () => void): () => void {
  const timer = setInterval(tick, milliseconds);
  return () => clearInterval(timer);
}
