import type { Client } from "@change-mgmt/api/client.ts";
import { lazyClient } from "./connection/client.ts";
import { type Connection, findConnection } from "./connection/connection.ts";
import type { Io } from "./io.ts";
import { type Page, pageOf } from "./output/page.ts";
import { plainText } from "./output/plain-text.ts";

/** What a command works with: the outside, the server, and how its output is wanted. */
export interface Context extends Io {
  readonly client: Client;
  /** Looks up address and token; `--server` first. */
  connection(): Promise<Connection>;
  readonly json: boolean;
  /** True when messages go to a terminal, so that progress may move. */
  readonly isTerminal: boolean;
  /** Colours, signs and width for messages on stderr. */
  readonly page: Page;
  /** Writes one message line to stderr. */
  say(line: string): void;
}

/** Makes the context of one command. */
export function makeContext(io: Io, options: { readonly json: boolean; readonly server: string | undefined }): Context {
  let found: Promise<Connection> | undefined;
  const connection = () => {
    found ??= findConnection(io, options.server);
    return found;
  };
  return {
    ...io,
    connection,
    client: lazyClient(io, connection),
    json: options.json,
    isTerminal: io.stderr.isTTY === true,
    page: pageOf(io, io.stderr),
    say: (line) => void io.stderr.write(`${line.split("\n").map(plainLine).join("\n")}\n`),
  };
}

const COLOUR = new RegExp(`(${String.fromCharCode(27)}\\[\\d+(?:;\\d+)*m)`);

/** Keeps the colours that a page put in and nothing else that a terminal would obey. */
function plainLine(line: string): string {
  return line
    .split(COLOUR)
    .map((part, at) => (at % 2 === 1 ? part : plainText(part)))
    .join("");
}
