import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openCodeBase } from "./code-base.ts";
import { diskReader } from "./disk-reader.ts";
import { readImplementations } from "./implementations/read-implementations.ts";

const root = mkdtempSync(join(tmpdir(), "change-mgmt-repository-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

test("what is broken is a finding with its place, and the rest is read", () => {
  put("src/repositories.ts", "export interface OrderRepository { find(): string }\n");
  put(
    "src/memory.ts",
    'import type { OrderRepository } from "./repositories.js";\nexport class MemoryOrderRepository implements OrderRepository { find() { return "a"; } }\n',
  );
  put(
    "src/broken.ts",
    'import type { OrderRepository } from "./repositories.js";\nclass Half implements OrderRepository {\n  find( {\n',
  );
  put("src/picture.ts", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00, 0x01]));
  put("src/generated.ts", `export const rows = "${"x".repeat(10_000_000)}";\n`);
  put("src/one.ts", 'export * from "./two.js";\n// OrderRepository\n');
  put(
    "src/two.ts",
    'export * from "./one.js";\nimport { OrderRepository } from "./one.js";\nclass Lost implements OrderRepository {}\n',
  );
  put("tsconfig.json", '{ "compilerOptions": { "paths": \n');
  put("package.json", "{ nothing");
  put("node_modules/lib/index.ts", "export interface StrayRepository { a(): void }\n");
  symlinkSync("..", join(root, "src/around"));
  symlinkSync("nowhere.ts", join(root, "src/dangling.ts"));

  const code = openCodeBase(diskReader(root));
  const facts = readImplementations(code);
  code.modules.resolve("src/one.ts", "@alias/x");
  expect(facts.interfaces.map(({ name }) => name)).toEqual(["OrderRepository"]);
  expect(facts.cells.map(({ backend, state }) => [backend, state])).toContainEqual(["memory", "real"]);
  const said = code.sources.troubles.map(({ rule, file, line }) => `${rule} ${file}:${line}`).sort();
  expect(said).toEqual([
    "configuration-unreadable package.json:1",
    "configuration-unreadable tsconfig.json:1",
    "not-text src/picture.ts:1",
    "syntax-error src/broken.ts:4",
    "too-big src/generated.ts:1",
  ]);
});

test("a folder that is not there is said and is no crash", () => {
  const { files, troubles } = diskReader(join(root, "nowhere"));
  expect(files).toEqual([]);
  expect(troubles).toMatchObject([{ rule: "unreadable", file: ".", message: ". cannot be read (ENOENT)." }]);
});
