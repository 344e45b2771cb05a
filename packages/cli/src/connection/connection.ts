import type { Io } from "../io.ts";
import { usage } from "../stop.ts";
import { readLogins } from "./login-file.ts";

export const DEFAULT_ADDRESS = "http://127.0.0.1:7070";

/** Which server to speak to, as whom, and who said so. */
export interface Connection {
  readonly address: string;
  readonly token?: string;
  readonly from: "option" | "environment" | "login" | "default";
}

/**
 * Address: `--server`, CHANGE_MGMT_SERVER, the last login, else this machine. Token: CHANGE_MGMT_TOKEN, else the login
 * at that very address, so that a token never travels to a server it was not made for.
 */
export async function findConnection(io: Pick<Io, "env">, server: string | undefined): Promise<Connection> {
  const { CHANGE_MGMT_SERVER, CHANGE_MGMT_TOKEN } = io.env;
  const named = server || CHANGE_MGMT_SERVER;
  const from = server ? "option" : CHANGE_MGMT_SERVER ? "environment" : undefined;
  if (named && CHANGE_MGMT_TOKEN) return { address: serverAddress(named), token: CHANGE_MGMT_TOKEN, from: from! };
  const file = await readLogins(io.env);
  const address = serverAddress(named || file.current || DEFAULT_ADDRESS);
  const token = CHANGE_MGMT_TOKEN || file.logins[address]?.token;
  return { address, ...(token ? { token } : {}), from: from ?? (file.current ? "login" : "default") };
}

/** An address in the one form under which it is kept: with scheme, without a slash at the end. */
export function serverAddress(text: string): string {
  const full = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    throw usage(
      `"${text}" is not the address of a server.`,
      `Write it like ${DEFAULT_ADDRESS}; a token never belongs into it.`,
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}
