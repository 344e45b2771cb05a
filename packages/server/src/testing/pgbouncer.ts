import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./postgres.ts";

const run = promisify(execFile);

/** A PgBouncer before a database, with pools `transaction`, `one_transaction` (a single server session), `statement`, `session`, `one_session`. */
export interface TestPgbouncer {
  url(pool: string): string;
  stop(): Promise<void>;
}

/** Starts PgBouncer before the database of `url`; brings the Debian package when run as root. Says why it cannot be had. */
export async function startPgbouncer(
  url: string,
): Promise<{ ok: true; bouncer: TestPgbouncer } | { ok: false; reason: string }> {
  const program = await findProgram();
  if (program === null) {
    return { ok: false, reason: "PgBouncer is not installed and could not be (apt-get install pgbouncer, as root)." };
  }
  const server = new URL(url);
  const target = `host=127.0.0.1 port=${server.port} dbname=${server.pathname.slice(1)} user=${server.username} password=${decodeURIComponent(server.password)}`;
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "change-mgmt-pgbouncer-"));
  const file = join(folder, "pgbouncer.ini");
  const users = join(folder, "users.txt");
  await writeFile(users, `"${server.username}" "${decodeURIComponent(server.password)}"\n`);
  await writeFile(
    file,
    `[databases]
transaction = ${target} pool_mode=transaction
one_transaction = ${target} pool_mode=transaction pool_size=1
statement = ${target} pool_mode=statement
session = ${target} pool_mode=session
one_session = ${target} pool_mode=session pool_size=1
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
ignore_startup_parameters = extra_float_digits
`,
  );
  for (const path of [folder, file, users]) await chmod(path, 0o755);
  const asRoot = userInfo().uid === 0 ? ["-u", "postgres"] : [];
  const child = spawn(program, [...asRoot, file], { stdio: "ignore" });
  const exited = once(child, "exit");
  const endWithUs = () => child.kill("SIGKILL");
  process.once("exit", endWithUs);
  const answers = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
  while (!(await answers())) {
    if (child.exitCode !== null) return { ok: false, reason: `PgBouncer ended with code ${child.exitCode}.` };
    await new Promise((done) => setTimeout(done, 20));
  }
  return {
    ok: true,
    bouncer: {
      url(pool) {
        const address = new URL(url);
        address.port = String(port);
        address.pathname = `/${pool}`;
        return address.toString();
      },
      async stop() {
        process.off("exit", endWithUs);
        child.kill("SIGKILL");
        await exited;
        await rm(folder, { recursive: true });
      },
    },
  };
}

async function findProgram(): Promise<string | null> {
  const known = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer", "pgbouncer"];
  for (const program of known) if (await answersVersion(program)) return program;
  if (process.platform !== "linux" || userInfo().uid !== 0) return null;
  try {
    await run("apt-get", ["update"], { timeout: 60_000 });
    await run("apt-get", ["install", "-y", "--no-install-recommends", "pgbouncer"], { timeout: 60_000 });
  } catch {
    // No Debian, no network, or no such package: the caller says that the program is missing.
    return null;
  }
  return (await answersVersion("/usr/sbin/pgbouncer")) ? "/usr/sbin/pgbouncer" : null;
}

async function answersVersion(program: string): Promise<boolean> {
  try {
    await run(program, ["--version"]);
    return true;
  } catch {
    return false;
  }
}
