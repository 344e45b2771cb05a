import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { onFullDisk } from "../../testing/full-disk.ts";
import { takeLock } from "./directory-lock.ts";
import { processIdentity } from "./process-identity.ts";

const folders: string[] = [];
let path: string;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "change-mgmt-lock-"));
  folders.push(folder);
  path = join(folder, "db.lock");
});
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

const files = () => readdir(join(path, ".."));

test("one holds the lock, the next is told by whom, and release leaves nothing", async () => {
  const first = await takeLock(path, 0);
  const second = await takeLock(path, 0);
  expect(second).toMatchObject({ held: false, holder: { pid: process.pid, host: hostname() } });
  if (first.held) await first.release();
  expect(await files()).toEqual([]);
});

test("of many who find the lock of a dead process, exactly one takes it over", async () => {
  const dead = spawnSync(process.execPath, ["-e", ""]);
  const left = { pid: dead.pid, identity: "earlier", host: hostname(), since: "2026-01-01T00:00:00Z", nonce: "n" };
  await writeFile(path, JSON.stringify(left));
  const all = await Promise.all(Array.from({ length: 30 }, () => takeLock(path, 0)));
  expect(all.filter((attempt) => attempt.held)).toHaveLength(1);
  expect(await files()).toEqual(["db.lock"]);
});

test("a process id that was given out again is not the holder", async () => {
  const left = { pid: process.pid, identity: "another life", host: hostname(), since: "", nonce: "n" };
  await writeFile(path, JSON.stringify(left));
  expect(await takeLock(path, 0)).toMatchObject({ held: true });
});

test("a lock file that was cut off is taken over", async () => {
  await writeFile(path, '{"pid": 12');
  expect(await takeLock(path, 0)).toMatchObject({ held: true });
});

test("a lock of another machine that was touched lately is respected", async () => {
  await writeFile(path, JSON.stringify({ pid: 1, identity: "x", host: "elsewhere", since: "", nonce: "n" }));
  expect(await takeLock(path, 0)).toMatchObject({ held: false, holder: { host: "elsewhere" } });
});

test("tells a running process from one that is gone", () => {
  expect(processIdentity(process.pid)).toBe(processIdentity(process.pid));
  expect(processIdentity(process.pid)).not.toBeNull();
  expect(processIdentity(spawnSync(process.execPath, ["-e", ""]).pid)).toBeNull();
});

test("a full disk leaves no half of a lock behind", async () => {
  const here = join(import.meta.dirname, "directory-lock.ts");
  expect(onFullDisk(here, `module.takeLock(${JSON.stringify(path)}, 0)`)).toMatch(/EFBIG|ENOSPC/);
  expect(await files()).toEqual([]);
});
