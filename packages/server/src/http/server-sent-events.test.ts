import { expect, test } from "vitest";
import { type ServerSentEvent, sseStream } from "./server-sent-events.ts";

const event = (id: number): ServerSentEvent => ({ id: String(id), event: "change.approved", data: { line: "a\nb" } });
const text = (id: number) => `id: ${id}\nevent: change.approved\ndata: {"line":"a\\nb"}\n\n`;
const opening = "retry: 2000\n: connected\n\n";

/** A clock that beats when it is told to. */
function manualClock() {
  const clock = { tick: () => {}, stopped: false };
  const every = (_ms: number, tick: () => void) => {
    clock.tick = tick;
    return () => {
      clock.stopped = true;
    };
  };
  return { clock, every };
}

async function collect(stream: AsyncIterable<string>): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

test("events become text in order and the stream ends with its source", async () => {
  const { clock, every } = manualClock();
  async function* source() {
    yield event(1);
    yield event(2);
  }
  expect(await collect(sseStream(source(), { every }))).toEqual([opening, text(1), text(2)]);
  expect(clock.stopped).toBe(true);
});

test("each beat of the clock sends a comment while the source is silent, and loses no event", async () => {
  const { clock, every } = manualClock();
  const released = Promise.withResolvers<void>();
  async function* source() {
    await released.promise;
    yield event(1);
  }
  const stream = sseStream(source(), { every });
  expect((await stream.next()).value).toBe(opening);
  const first = stream.next();
  clock.tick();
  expect((await first).value).toBe(": heartbeat\n\n");
  clock.tick();
  expect((await stream.next()).value).toBe(": heartbeat\n\n");
  released.resolve();
  expect((await stream.next()).value).toBe(text(1));
  expect((await stream.next()).done).toBe(true);
});

test("the signal ends a stream whose source is silent, and the source is told", async () => {
  const { clock, every } = manualClock();
  const over = new AbortController();
  let returned = false;
  const source: AsyncIterable<ServerSentEvent> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => {
        returned = true;
        return { done: true, value: undefined };
      },
    }),
  };
  const stream = sseStream(source, { every, signal: over.signal });
  await stream.next();
  const waiting = stream.next();
  await new Promise(setImmediate);
  over.abort();
  expect((await waiting).done).toBe(true);
  expect(returned).toBe(true);
  expect(clock.stopped).toBe(true);
});

test("an error of the source ends the stream with that error", async () => {
  async function* source(): AsyncGenerator<ServerSentEvent> {
    yield event(1);
    throw new Error("store gone");
  }
  const stream = sseStream(source(), { every: manualClock().every });
  await stream.next();
  expect((await stream.next()).value).toBe(text(1));
  await expect(stream.next()).rejects.toThrow("store gone");
});

test("the next event is pulled only when the last one was taken", async () => {
  let pulled = 0;
  async function* source() {
    while (true) yield event(++pulled);
  }
  const stream = sseStream(source(), { every: manualClock().every });
  for (const _ of [1, 2, 3]) await stream.next();
  await new Promise(setImmediate);
  expect(pulled).toBe(2);
  await stream.return();
});

test.each([
  { ...event(1), event: "a\ndata: forged" },
  { ...event(1), id: "1\r2" },
])("an id or type that would start another field is a bug: %j", async (bad) => {
  async function* source() {
    yield bad;
  }
  await expect(collect(sseStream(source(), { every: manualClock().every }))).rejects.toThrow(TypeError);
});
