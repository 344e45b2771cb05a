import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { onFullDisk } from "../testing/full-disk.ts";
import { lockFile } from "./lock-file.ts";

const folder = mkdtempSync(join(tmpdir(), "change-mgmt-lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
const newPath = () => join(folder, String(++count), "store.lock");
const NOW = new Date("2026-01-02T03:04:05Z");

/** The lock of a process that is no more. */
async function deadHolder(): Promise<object> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return { pid: child.pid, host: hostname(), startedAt: "1", name: "the dead", since: NOW.toISOString() };
}

function write(path: string, text: string): string {
  // The folder is made by a first lock, which is given back.
  const lock = lockFile(path, "x", NOW);
  if (lock.ok) lock.value.release();
  writeFileSync(path, text);
  return path;
}

test("one holds it, the next is refused with the holder, and gets it when it is given back", () => {
  const path = newPath();
  const first = lockFile(path, "the first", NOW);
  if (!first.ok) throw new Error(first.refusal.message);
  expect(first.value.takenOver).toBe(false);
  expect(lockFile(path, "the second", NOW)).toMatchObject({
    ok: false,
    refusal: { code: "STORE_IN_USE", details: { pid: process.pid, name: "the first" } },
  });
  first.value.release();
  const third = lockFile(path, "the third", NOW);
  expect(third).toMatchObject({ ok: true, value: { takenOver: false } });
  expect(readdirSync(join(path, ".."))).toEqual(["store.lock"]);
});

test("what a dead process left behind is taken over, also what was cut off while it was written", async () => {
  for (const text of [JSON.stringify(await deadHolder()), "", '{"pid":']) {
    const path = write(newPath(), text);
    expect(lockFile(path, "the next", NOW)).toMatchObject({ ok: true, value: { takenOver: true } });
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ pid: process.pid, name: "the next" });
    expect(readdirSync(join(path, ".."))).toEqual(["store.lock"]);
  }
});

test("a number that another process has now is not taken for the holder", () => {
  const holder = { pid: process.pid, host: hostname(), startedAt: "1", name: "the dead", since: NOW.toISOString() };
  expect(lockFile(write(newPath(), JSON.stringify(holder)), "me", NOW)).toMatchObject({ value: { takenOver: true } });
});

test("a holder on another machine is believed", async () => {
  const holder = { ...(await deadHolder()), host: "elsewhere" };
  expect(lockFile(write(newPath(), JSON.stringify(holder)), "me", NOW)).toMatchObject({
    refusal: { code: "STORE_IN_USE", details: { host: "elsewhere" } },
  });
});

test("giving back a lock that somebody else holds by now leaves it alone", () => {
  const path = newPath();
  const first = lockFile(path, "the first", NOW);
  if (!first.ok) throw new Error(first.refusal.message);
  const other = JSON.stringify({ pid: 1, host: "elsewhere", startedAt: "", name: "the other", since: "" });
  writeFileSync(path, other);
  first.value.release();
  expect(readFileSync(path, "utf8")).toBe(other);
});

test("of many processes that see a dead holder, one takes over, again and again", async () => {
  const children = Array.from({ length: 4 }, () => contender());
  try {
    await Promise.all(children.map((child) => child.line()));
    const dead = JSON.stringify(await deadHolder());
    for (let round = 0; round < 25; round++) {
      const path = write(newPath(), dead);
      for (const child of children) child.send(path);
      const said = await Promise.all(children.map((child) => child.line()));
      expect(said.sort()).toEqual(["STORE_IN_USE", "STORE_IN_USE", "STORE_IN_USE", "held"]);
    }
  } finally {
    for (const child of children) child.process.kill("SIGKILL");
  }
});

/** A process that tries to lock each path it is sent, keeps what it got, and says what came of it. */
function contender(): { process: ChildProcess; send(path: string): void; line(): Promise<string> } {
  const script = `
    import { createInterface } from "node:readline";
    import { lockFile } from ${JSON.stringify(fileURLToPath(new URL("./lock-file.ts", import.meta.url)))};
    console.log("ready");
    for await (const path of createInterface(process.stdin)) {
      const lock = lockFile(path, "a contender", new Date());
      console.log(lock.ok ? "held" : lock.refusal.code);
    }`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting: ((line: string) => void)[] = [];
  const lines: string[] = [];
  let rest = "";
  child.stdout.on("data", (data) => {
    const parts = (rest + data).split("\n");
    rest = parts.pop()!;
    for (const part of parts) {
      const next = waiting.shift();
      if (next) next(part);
      else lines.push(part);
    }
  });
  return {
    process: child,
    send: (path) => void child.stdin.write(`${path}\n`),
    line: () => {
      const known = lines.shift();
      return known === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(known);
    },
  };
}

test("a full disk leaves no half of a lock behind", () => {
  const path = newPath();
  const here = join(import.meta.dirname, "lock-file.ts");
  expect(onFullDisk(here, `module.lockFile(${JSON.stringify(path)}, "x", new Date())`)).toMatch(/EFBIG|ENOSPC/);
  expect(readdirSync(join(path, ".."))).toEqual([]);
});
