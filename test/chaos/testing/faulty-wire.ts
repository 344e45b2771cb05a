import { connect, createServer, type Socket } from "node:net";
import { crossingOf } from "@change-mgmt/server/storage/watched-client.ts";
import { freePort } from "@change-mgmt/server/testing/postgres.ts";

/**
 * What a call can meet: the connection goes before the server hears of it, or when it has answered; the same only after a long time in which
 * nothing comes through; or the server says no, in its own words.
 */
export const FAULTS = [
  "lost-before",
  "lost-after",
  "stalled-before",
  "stalled-after",
  "40001",
  "53100",
  "57014",
] as const;
export type Fault = (typeof FAULTS)[number];

export interface WireOptions {
  /** Address of the server behind the wire. */
  readonly url: string;
  /** Called for each call in order with its statement; answers what it meets, or undefined to let it through. */
  readonly meet: (statement: string) => Fault | undefined;
}

/** A wire to a Postgres server on which single calls fail. */
export interface FaultyWire {
  /** The server's address, by way of the wire. */
  readonly url: string;
  /** How many connections there are now. */
  readonly connections: () => number;
  stop(): Promise<void>;
}

/** Longer than a lease lasts that nobody renews. */
const STALLS_MS = 20_000;
const STARTUP = 0;
const QUERY = 0x51;
const PARSE = 0x50;
const SYNC = 0x53;
const FLUSH = 0x48;
const READY = 0x5a;

/** Starts a wire before the server of `url`: it understands where a call begins and ends, and what the call says. */
export async function startFaultyWire({ url, meet }: WireOptions): Promise<FaultyWire> {
  const server = new URL(url);
  const port = await freePort();
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connect(Number(server.port), server.hostname);
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", cut);
      socket.on("close", () => {
        sockets.delete(socket);
        clearTimeout(stalled);
        cut();
      });
    }
    let losing: Fault | undefined;
    /** Calls are sent together: it is the answer to the last of them that counts. Logging in is the first. */
    let unanswered = 1;
    let stalled: NodeJS.Timeout | undefined;
    const calls = new Messages(true);
    let held: Buffer[] = [];
    let statement = "";
    client.on("data", (chunk) => {
      if (stalled) return;
      for (const message of calls.read(chunk)) {
        held.push(message.bytes);
        if (message.type === QUERY) statement = textOf(message.body, 0);
        else if (message.type === PARSE) statement = textOf(message.body, message.body.indexOf(0) + 1);
        // What reads row by row is let through.
        if (message.type === FLUSH) statement = "";
        const whole = message.type === QUERY || message.type === SYNC;
        // Logging in, and saying goodbye.
        if (!whole && statement !== "") continue;
        const call = Buffer.concat(held);
        const fault = whole && statement !== "" ? meet(statement) : undefined;
        if (fault === "lost-before") return cut();
        if (fault === "stalled-before") {
          stalled = setTimeout(cut, STALLS_MS);
          return;
        }
        if (fault === "lost-after" || fault === "stalled-after") losing = fault;
        upstream.write(fault === undefined || losing ? call : refusing(statement, fault));
        held = [];
        if (!whole) continue;
        unanswered += 1;
        statement = "";
      }
    });
    const answers = new Messages(false);
    upstream.on("data", (chunk) => {
      unanswered -= answers.read(chunk).filter(({ type }) => type === READY).length;
      if (!losing) return void client.write(chunk);
      // The server has done what it was asked for, and nobody will hear of it.
      if (unanswered > 0 || stalled) return;
      if (losing === "lost-after") cut();
      else stalled = setTimeout(cut, STALLS_MS);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(port, "127.0.0.1", resolve));
  return {
    url: Object.assign(new URL(url), { port: String(port) }).href,
    connections: () => sockets.size / 2,
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => proxy.close(() => resolve()));
    },
  };
}

/** The name of a call, such as `update.deployments`. */
export function callOf(statement: string): string {
  return crossingOf(statement).replace(/^store\./, "");
}

/** A call that the server refuses with this SQLSTATE, and that leaves its transaction as such a refusal of the statement would. */
function refusing(statement: string, sqlstate: string): Buffer {
  const raise = `DO $$ BEGIN RAISE EXCEPTION 'made to fail' USING ERRCODE = '${sqlstate}'; END $$`;
  // A COMMIT that fails has ended its transaction.
  const text = Buffer.from(`${/^\s*commit/i.test(statement) ? "ROLLBACK; " : ""}${raise}\0`);
  const head = Buffer.alloc(5);
  head.writeUInt8(QUERY);
  head.writeInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

function textOf(body: Buffer, from: number): string {
  return body.toString("utf8", from, body.indexOf(0, from));
}

interface Message {
  readonly type: number;
  readonly bytes: Buffer;
  readonly body: Buffer;
}

/** Takes the bytes of one direction of a connection apart; the first message of a client has no type. */
class Messages {
  #rest: Buffer = Buffer.alloc(0);
  #first: boolean;

  constructor(client: boolean) {
    this.#first = client;
  }

  read(chunk: Buffer): Message[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: Message[] = [];
    for (;;) {
      const head = this.#first ? 0 : 1;
      if (this.#rest.length < head + 4) return messages;
      const end = head + this.#rest.readInt32BE(head);
      if (this.#rest.length < end) return messages;
      const bytes = this.#rest.subarray(0, end);
      messages.push({ type: this.#first ? STARTUP : bytes[0]!, bytes, body: bytes.subarray(head + 4) });
      this.#rest = this.#rest.subarray(end);
      this.#first = false;
    }
  }
}
