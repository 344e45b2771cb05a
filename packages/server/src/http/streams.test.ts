import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { afterEach, expect, test } from "vitest";
import type { Handlers } from "../commands/handler.ts";
import { type EventSource, eventHandlers, type LiveEvent } from "./event-routes.ts";
import { type StartedHttp, startHttp } from "./testing.ts";

const started: StartedHttp[] = [];
async function serve(handlers: Handlers): Promise<StartedHttp> {
  const http = await startHttp(handlers, { pages: false });
  started.push(http);
  return http;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ app }) => app.close()));
});

const recorded: LiveEvent[] = [1, 2, 3, 4].map((seq) => ({
  seq,
  type: "change.submitted",
  change: seq % 2 === 0 ? "CHG-2" : "CHG-1",
  data: { by: "alice" },
}));

/** Gives what is recorded, then waits for its signal; `open` counts the subscriptions that have not ended. */
function recordedEvents() {
  const state = { open: 0, options: [] as object[] };
  const source: EventSource = {
    permitted: () => accept(null),
    subscribe: async function* ({ signal, actor: _, ...options }) {
      state.open++;
      state.options.push(options);
      try {
        const { afterSeq = 4, change } = options;
        yield* recorded.filter((event) => event.seq > afterSeq && (change === undefined || event.change === change));
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
      } finally {
        state.open--;
      }
    },
  };
  return { state, source };
}

/** Reads until `text` has come, or to the end. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, text: string): Promise<string> {
  let all = "";
  while (!all.includes(text)) {
    const { done, value } = await reader.read();
    if (done) return all;
    all += new TextDecoder().decode(value);
  }
  return all;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

test("events go on after Last-Event-ID, for one change where asked", async () => {
  const { source } = recordedEvents();
  const { send } = await serve(eventHandlers(source));
  const response = await send("GET", "/api/events?change=CHG-1", undefined, { "last-event-id": "1" });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const reader = response.body!.getReader();
  expect(await readUntil(reader, "id: 3")).toBe(
    'retry: 2000\n: connected\n\nid: 3\nevent: change.submitted\ndata: {"seq":3,"type":"change.submitted","change":"CHG-1","data":{"by":"alice"}}\n\n',
  );
  await reader.cancel();
});

test("without Last-Event-ID events come from now on", async () => {
  const { source, state } = recordedEvents();
  const { client } = await serve(eventHandlers(source));
  const response = await client("events");
  const reader = response.body!.getReader();
  expect(await readUntil(reader, "connected")).toBe("retry: 2000\n: connected\n\n");
  await until(() => state.open === 1);
  expect(state.options).toEqual([{}]);
  await reader.cancel();
});

test("the subscription ends when its reader goes away", async () => {
  const { source, state } = recordedEvents();
  const { send } = await serve(eventHandlers(source));
  const response = await send("GET", "/api/events");
  await until(() => state.open === 1);
  await response.body!.cancel();
  await until(() => state.open === 0);
});

test("closing the server ends live streams and does not wait for their readers", async () => {
  const { source, state } = recordedEvents();
  const { app, send } = await serve(eventHandlers(source));
  const reader = (await send("GET", "/api/events")).body!.getReader();
  await until(() => state.open === 1);
  await app.close();
  expect(await readUntil(reader, "never comes")).toBe("retry: 2000\n: connected\n\n");
  await until(() => state.open === 0);
});

test("who may not follow events is refused before anything is sent, as is an id that never was one", async () => {
  const { source, state } = recordedEvents();
  const refusing = await serve(
    eventHandlers({ ...source, permitted: () => refuse("NOT_ALLOWED", "You may not read changes.", "Ask.") }),
  );
  expect((await refusing.send("GET", "/api/events")).status).toBe(403);
  const { send } = await serve(eventHandlers(source));
  const response = await send("GET", "/api/events", undefined, { "last-event-id": "yesterday" });
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ place: { pointer: "/headers/last-event-id" } });
  expect(state.options).toEqual([]);
});

test("a download keeps its bytes, its type and its name", async () => {
  const bytes = Uint8Array.from([0x1f, 0x8b, 0, 255]);
  const { send } = await serve({
    backup: async () =>
      accept({
        fileName: 'büch "1".gz',
        pieces: (async function* () {
          yield bytes.slice(0, 2);
          yield bytes.slice(2);
        })(),
      }),
  });
  const response = await send("GET", "/api/backup");
  expect(response.headers.get("content-type")).toBe("application/gzip");
  expect(response.headers.get("content-disposition")).toBe(
    `attachment; filename="b_ch__1_.gz"; filename*=UTF-8''b%C3%BCch%20%221%22.gz`,
  );
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
});

test("a download that fails half-way breaks off, so that nobody takes it for whole, and is reported", async () => {
  const failure = new Error("store gone");
  const { send, errors } = await serve({
    "audit.export": async () =>
      accept({
        pieces: (async function* () {
          yield '{"seq":1}\n';
          throw failure;
        })(),
      }),
  });
  await expect(send("GET", "/api/audit/export").then((response) => response.text())).rejects.toThrow();
  await until(() => errors.length > 0);
  expect(errors.map(({ error }) => error)).toEqual([failure]);
});

test("a download that fails before its first piece is answered as a bug", async () => {
  const { send } = await serve({
    "audit.export": async () =>
      accept({
        // biome-ignore lint/correctness/useYield: it fails before it has anything to give.
        pieces: (async function* (): AsyncGenerator<string> {
          throw new Error("store gone");
        })(),
      }),
  });
  const response = await send("GET", "/api/audit/export");
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ code: "UNEXPECTED" });
});
