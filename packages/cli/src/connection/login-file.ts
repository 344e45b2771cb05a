import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Io } from "../io.ts";
import { cannotRun } from "../stop.ts";

/** A sign-in kept on this machine. `tokenId` is set when the sign-in made the token and may revoke it. */
export interface Login {
  readonly token: string;
  readonly handle: string;
  readonly tokenId?: string;
}

/** Sign-ins by server address; `current` is the server used when none is named. */
export interface LoginFile {
  readonly current: string | null;
  readonly logins: Readonly<Record<string, Login>>;
}

/** Where sign-ins are kept: the user's configuration folder (XDG). */
export function loginPath(env: Io["env"]): string {
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config"), "change-mgmt", "login.json");
}

/** The sign-ins of this machine; none when there is no file. Stops when the file is not what `login` writes. */
export async function readLogins(env: Io["env"]): Promise<LoginFile> {
  const path = loginPath(env);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { current: null, logins: {} };
    throw cannotRun(
      "LOGIN_FILE_UNREADABLE",
      `${path} cannot be read: ${(error as Error).message}`,
      "Check who may read it.",
    );
  }
  const file = parse(text);
  if (file) return file;
  throw cannotRun(
    "LOGIN_FILE_INVALID",
    `${path} is not a file that change-mgmt login wrote.`,
    "Delete it and run change-mgmt login again.",
  );
}

/** Replaces the file in one step; only its owner may read it. */
export async function writeLogins(env: Io["env"], file: LoginFile): Promise<void> {
  const path = loginPath(env);
  if (Object.keys(file.logins).length === 0) return rm(path, { force: true });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  await chmod(fresh, 0o600);
  await rename(fresh, path);
}

function parse(text: string): LoginFile | undefined {
  try {
    const { current, logins } = JSON.parse(text) as LoginFile;
    const sound = (one: Login) => typeof one?.token === "string" && typeof one.handle === "string";
    return (current === null || typeof current === "string") && Object.values(logins).every(sound)
      ? { current, logins }
      : undefined;
  } catch {
    return undefined;
  }
}
