import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { onFullDisk } from "../testing/full-disk.ts";
import { keyFile, replaceKeyFile } from "./key-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "change-mgmt-key-file-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("is made once, for its owner's eyes alone", () => {
  const file = join(folder, "deep", "key");
  expect(keyFile(file, () => "first")).toBe("first");
  expect(keyFile(file, () => "second")).toBe("first");
  expect(readFileSync(file, "utf8")).toBe("first\n");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, "deep"))).toEqual(["key"]);
});

test("a full disk leaves no half of a key behind: the next start makes it", () => {
  const file = join(folder, "key");
  const here = join(import.meta.dirname, "key-file.ts");
  expect(onFullDisk(here, `module.keyFile(${JSON.stringify(file)}, () => "first")`)).toMatch(/EFBIG|ENOSPC/);
  expect(readdirSync(folder)).toEqual([]);
  expect(keyFile(file, () => "second")).toBe("second");
  expect(onFullDisk(here, `module.replaceKeyFile(${JSON.stringify(file)}, "third")`)).toMatch(/EFBIG|ENOSPC/);
  expect(readdirSync(folder)).toEqual(["key"]);
  replaceKeyFile(file, "third");
  expect(keyFile(file, () => "fourth")).toBe("third");
});
