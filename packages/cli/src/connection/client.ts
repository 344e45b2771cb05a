import type { Client } from "@change-mgmt/api/client.ts";
import type { Io } from "../io.ts";
import { cannotRun } from "../stop.ts";
import type { Connection } from "./connection.ts";

/** The typed client over a connection that is only looked up, and code that is only loaded, with the first call. */
export function lazyClient(io: Pick<Io, "newKey">, connect: () => Promise<Connection>): Client {
  let opened: Promise<{ client: Client; address: string }> | undefined;
  const open = async () => {
    const [{ createClient }, { address, token }] = await Promise.all([import("@change-mgmt/api/client.ts"), connect()]);
    return { address, client: createClient({ baseUrl: address, newKey: io.newKey, ...(token ? { token } : {}) }) };
  };
  return (async (...call: Parameters<Client>) => {
    opened ??= open();
    const { client, address } = await opened;
    try {
      return await client(...call);
    } catch (error) {
      throw inWords(error, address);
    }
  }) as Client;
}

function inWords(error: unknown, address: string): unknown {
  if (error instanceof SyntaxError)
    return cannotRun(
      "UNEXPECTED_ANSWER",
      `${address} answered with something that is not JSON.`,
      "Check that the address is that of a change-mgmt server and that no proxy answers in its place.",
    );
  if (!(error instanceof TypeError) || error.cause === undefined) return error;
  const { code, message } = error.cause as NodeJS.ErrnoException;
  return cannotRun(
    "SERVER_UNREACHABLE",
    `No change-mgmt server answers at ${address} (${code || message || "no connection"}).`,
    "Start one with 'change-mgmt serve' ('npm start' in a clone), or name another with --server or CHANGE_MGMT_SERVER.",
  );
}
