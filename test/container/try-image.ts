// Does what the Containerfile says without an engine for containers: each stage in a folder of its own, then starts the result as its
// user, who can write below /data alone, asks its health check, uses its command line and stops it. `node test/container/try-image.ts`
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { readStages, type Stage, variablesOf, wordsOf } from "./containerfile.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const STARTS_WITHIN_MS = 120_000;
const say = (line: string) => process.stdout.write(`${line}\n`);

const scratch = mkdtempSync(join(tmpdir(), "change-mgmt-image-"));
chmodSync(scratch, 0o755);
const stages = readStages(readFileSync(join(ROOT, "Containerfile"), "utf8"));
const ignored = readFileSync(join(ROOT, ".containerignore"), "utf8").split("\n").filter(Boolean).map(patternOf);
const folderOf = (name: string) => join(scratch, name.replaceAll(" ", "-"));

try {
  for (const stage of stages) build(stage);
  await use(stages.at(-1)!);
} finally {
  spawnSync("chmod", ["-R", "u+w", scratch]);
  rmSync(scratch, { recursive: true, force: true });
}

function build(stage: Stage): void {
  const root = folderOf(stage.name);
  mkdirSync(root);
  let folder = root;
  for (const { line, name, rest } of stage.instructions) {
    if (name === "WORKDIR") {
      folder = join(root, rest);
      mkdirSync(folder, { recursive: true });
    } else if (name === "COPY") copy(rest, folder);
    else if (name === "RUN") {
      say(`${stage.name}, line ${line}: ${rest}`);
      const command = rest.replaceAll(/(?<=\s)\/(?=\w)/g, `${root}/`);
      execFileSync("sh", ["-ec", command], { cwd: folder, stdio: ["ignore", "ignore", "inherit"], env: process.env });
    }
  }
}

function copy(rest: string, folder: string): void {
  const words = rest.split(/\s+/);
  const [, from] = /^--from=(\S+)$/.exec(words[0]!) ?? [];
  if (from !== undefined) words.shift();
  const to = words.pop()!;
  for (const source of words) {
    const path = from === undefined ? join(ROOT, source) : join(folderOf(from), source);
    const into = statSync(path).isDirectory() || !to.endsWith("/") ? to : join(to, basename(source));
    cpSync(path, join(folder, into), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (one) => from !== undefined || !ignored.some((pattern) => pattern.test(relative(ROOT, one))),
    });
  }
}

/** A line of .containerignore: `**` before a name means at any depth. */
function patternOf(line: string): RegExp {
  const name = line
    .replace(/^\*\*\//, "")
    .replaceAll(".", "\\.")
    .replaceAll("*", "[^/]*");
  return new RegExp(`^${line.startsWith("**/") ? "(.*/)?" : ""}${name}$`);
}

async function use(stage: Stage): Promise<void> {
  const root = folderOf(stage.name);
  const said = (name: string) => stage.instructions.findLast((instruction) => instruction.name === name)!.rest;
  const folder = join(root, said("WORKDIR"));
  const [uid = 0, gid = 0] = said("USER").split(":").map(Number);
  // Without a user who may become another, the one who runs this takes the part, and what is not /data is made read-only.
  const user = process.getuid?.() === 0 ? { uid, gid } : {};
  spawnSync("chmod", ["-R", "a-w", folder]);
  const port = await freePort();
  const variables = Object.entries({ ...variablesOf(stage), PORT: String(port) });
  const env = Object.fromEntries(variables.map(([key, value]) => [key, value.replace(/^\//, `${root}/`)]));
  // No folder for passing files either: whatever needs one has to take it below /data.
  const all = {
    cwd: folder,
    env: { ...env, PATH: process.env.PATH, TMPDIR: "/nowhere", CHANGE_MGMT_ADMIN_TOKEN: "a".repeat(40) },
    ...user,
  };
  const [program, ...args] = [...wordsOf(said("ENTRYPOINT"))!, ...wordsOf(said("CMD"))!];
  say(`start as ${"uid" in user ? `${uid}:${gid}` : "this user"}: ${program} ${args.join(" ")}`);
  const server = spawn(program!, args, { ...all, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const deadline = Date.now() + STARTS_WITHIN_MS;
    while (!(await answers(port))) {
      if (server.exitCode !== null || Date.now() > deadline) throw new Error("the server does not answer");
      await pause(200);
    }
    const [check, ...asked] = wordsOf(said("HEALTHCHECK"))!;
    expectFine("the health check", spawnSync(check!, asked, { ...all, encoding: "utf8" }));
    const own = {
      ...all,
      env: { ...all.env, CHANGE_MGMT_SERVER: `http://127.0.0.1:${port}`, CHANGE_MGMT_TOKEN: "a".repeat(40) },
    };
    for (const line of [
      ["whoami"],
      ["deployment", "held"],
      ["backup", join(root, "data/backup.jsonl.gz")],
      ["audit", "keys"],
    ])
      expectFine(line.join(" "), spawnSync(join(folder, "bin/change-mgmt"), line, { ...own, encoding: "utf8" }));
    const ended = once(server, "exit");
    server.kill("SIGTERM");
    const [code] = (await ended) as [number | null];
    if (code !== 0) throw new Error(`it ended with ${code} when it was stopped in order`);
  } finally {
    server.kill("SIGKILL");
  }
  const size = execFileSync("du", ["-sm", folder], { encoding: "utf8" }).split("\t")[0];
  say(`fine: built, started, healthy, used, stopped; ${size} MB beside the base image`);
}

function expectFine(what: string, { status, stdout, stderr }: ReturnType<typeof spawnSync>): void {
  if (status !== 0) throw new Error(`${what} ended with ${status}: ${stdout}${stderr}`);
  say(`${what}: fine`);
}

async function answers(port: number): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const trial = createServer().listen(0, "127.0.0.1");
  await once(trial, "listening");
  const { port } = trial.address() as { port: number };
  trial.close();
  await once(trial, "close");
  return port;
}
