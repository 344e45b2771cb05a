import { connect, createServer, type Socket } from "node:net";
import { freePort } from "./postgres.ts";

/** A TCP proxy before a Postgres server that can break connections at a chosen moment. */
export interface BreakingProxy {
  /** The given address, by way of the proxy. */
  readonly url: string;
  /** Breaks the next connection that sends `text`: before the server gets it, or when the server has answered it. */
  breakAt(text: string, when: "before" | "after"): void;
  /** Breaks every connection there is now, on both sides. */
  cut(): void;
  /** From now on nothing comes through in either direction, and nobody is told, as behind a firewall that forgot the connections; `false` ends that. */
  swallow(on: boolean): void;
  /** How many connections to the server there are now. */
  connections(): number;
  stop(): Promise<void>;
}

/** Starts a proxy before the server of `url`; without `breakAt` it passes everything on. */
export async function startBreakingProxy(url: string): Promise<BreakingProxy> {
  const server = new URL(url);
  const port = await freePort();
  const sockets = new Set<Socket>();
  let trap: { text: string; when: "before" | "after" } | null = null;
  let swallowing = false;
  const proxy = createServer((client) => {
    const upstream = connect(Number(server.port), server.hostname);
    let sprung = false;
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", cut);
      socket.on("close", () => {
        sockets.delete(socket);
        // Nobody on the other side hears of it.
        if (!swallowing) cut();
      });
    }
    client.on("data", (chunk) => {
      if (swallowing) return;
      if (trap && chunk.toString("latin1").includes(trap.text)) {
        const { when } = trap;
        trap = null;
        if (when === "before") return cut();
        sprung = true;
      }
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => {
      if (sprung) return cut();
      if (!swallowing) client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(port, "127.0.0.1", resolve));
  server.port = String(port);
  const throughProxy = server.toString();
  server.port = new URL(url).port;
  return {
    url: throughProxy,
    breakAt(text, when) {
      trap = { text, when };
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    swallow(on) {
      swallowing = on;
    },
    connections: () => sockets.size / 2,
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => proxy.close(() => resolve()));
    },
  };
}
