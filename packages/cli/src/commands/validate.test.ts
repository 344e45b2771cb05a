import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { ValidateDocument } from "@change-mgmt/api/validate.ts";
import { expect, test } from "vitest";
import { bare, freshFolder, runLine } from "../testing/run-line.ts";

const SHOP = resolve(import.meta.dirname, "../../../../examples/shop");

function aShop(
  change: (edit: (file: string, from: string | RegExp, to: string) => void) => void = () => undefined,
): string {
  const folder = freshFolder();
  cpSync(SHOP, folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
  change((file, from, to) => {
    const before = readFileSync(join(folder, file), "utf8");
    const after = before.replace(from, () => to);
    expect(after).not.toBe(before);
    writeFileSync(join(folder, file), after);
  });
  return folder;
}

function validate(cwd: string, words: readonly string[] = ["--no-migrations"]) {
  const env = { XDG_CACHE_HOME: join(tmpdir(), "change-mgmt-test-cache"), HOME: freshFolder() };
  return runLine(["validate", ...words], { token: null, cwd, env });
}

const ORDERS = "data-layer/implementations/supabase/src/repositories/order.repository.ts";
const broken = () =>
  aShop((edit) => {
    edit(ORDERS, /if \(error\) throw error;\n {4}return data && toOrder\(data\);/, 'throw new Error("x");');
    edit(
      ORDERS,
      /async setStatus[\s\S]*?\n {2}\}\n/,
      'async setStatus(): Promise<null> {\n    throw new Error("not implemented");\n  }\n',
    );
    edit("data-layer/service/src/routes/orders.ts", '"/:id/status"', '"/:id/state"');
  });

test("the example repository is complete, and its migrations are judged as check judges them", async () => {
  const said = await validate(SHOP);
  expect(said).toMatchObject({ code: 0, stderr: "" });
  expect(said.stdout).toContain("OrderRepository\n  ✓ memory 4 of 4\n  ✓ supabase 4 of 4\n");
  expect(said.stdout).toContain("11 of 12 routes are called; 11 of 11 calls reach one");
  const whole = ValidateDocument.parse((await validate(SHOP, ["--text-only", "--json"])).json());
  expect(whole).toMatchObject({ files: [], migrations: { summary: { files: 6, notRehearsed: 6 } } });
  expect(whole.ok).toBe(whole.migrations!.ok);
  expect(whole.summary.errors).toBe(whole.migrations!.summary.errors);
  expect((await validate(SHOP, ["--text-only"])).stdout).toContain("Migrations 6: 0 ran, 6 not rehearsed");
});

test("gaps are said with their places in every format", async () => {
  const cwd = broken();
  const said = await validate(cwd);
  expect(said.code).toBe(1);
  expect(bare(said.stdout)).toContain("✗ supabase 3 of 4 ○ setStatus stub");
  expect(said.stdout).toContain(
    `error OrderRepository.setStatus is a stub in supabase: it throws new Error("not implemented"). [method-stub] ${ORDERS}:`,
  );
  expect(said.stdout).toContain(
    "ShopClient.setOrderStatus calls PUT /api/orders/{}/status, which no route answers. [call-without-route] data-layer/client/src/index.ts:51:12",
  );
  const json = ValidateDocument.parse((await validate(cwd, ["--no-migrations", "--json"])).json());
  expect(json.summary).toMatchObject({ errors: 3, methods: { real: 23, stub: 1, missing: 0 } });
  const sarif = JSON.parse((await validate(cwd, ["--no-migrations", "--format=sarif"])).stdout);
  expect(sarif.runs[0].results.map((one: { ruleId: string }) => one.ruleId).sort()).toEqual([
    "call-without-route",
    "method-stub",
    "route-without-client",
  ]);
  const junit = (await validate(cwd, ["--no-migrations", "--format=junit"])).stdout;
  expect(junit).toContain('<testsuites tests="47" failures="3" errors="0">');
  expect(junit).toContain('<testcase classname="supabase" name="OrderRepository.setStatus"');
  expect((await validate(cwd, ["--no-migrations", "--format=github"])).stdout).toContain(
    "::error file=data-layer/client/src/index.ts,line=51,col=12,",
  );
  expect(JSON.parse((await validate(cwd, ["--no-migrations", "--format=gitlab"])).stdout)).toHaveLength(3);
});

test("a waiver with reason, owner and end date allows what it names, until its day", async () => {
  const cwd = broken();
  const waive = (until: string) =>
    writeFileSync(
      join(cwd, "change-mgmt.yaml"),
      `workspace: shop\nvalidate:\n  waivers:\n    - { backend: supabase, method: setStatus, reason: on hold, owner: ada, until: ${until} }\n`,
    );
  waive("2026-11-21");
  const said = await validate(cwd);
  expect(said.stdout).toMatch(/OrderRepository.setStatus is a stub.*allowed: on hold \(ada, until 2026-11-21\)/);
  expect(said.stdout).toContain("2 errors, 1 allowed");
  const sarif = JSON.parse((await validate(cwd, ["--no-migrations", "--format=sarif"])).stdout);
  expect(sarif.runs[0].results.flatMap((one: { suppressions?: unknown[] }) => one.suppressions ?? [])).toMatchObject([
    { kind: "external" },
  ]);
  waive("2026-11-20");
  expect((await validate(cwd)).stdout).toContain(
    "warning The waiver of ada ended on 2026-11-20. [waiver-expired] change-mgmt.yaml:4:7",
  );
});

test("a waiver without an owner, or that names nothing, is refused with its line", async () => {
  const cwd = aShop();
  writeFileSync(
    join(cwd, "change-mgmt.yaml"),
    "workspace: shop\nvalidate:\n  waivers:\n    - { reason: x, owner: ada, until: 2026-12-01 }\n    - { rule: a, reason: x, until: 2026-13-01 }\n",
  );
  const said = await validate(cwd);
  expect(said.code).toBe(3);
  expect(said.stderr).toContain("WORKSPACE_INVALID");
  expect(said.stderr).toContain("change-mgmt.yaml:4:");
});

test("a repository that is broken in every way is reported, never a crash", async () => {
  const cwd = aShop();
  const put = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), content);
  };
  put("apps/web-app/src/broken.ts", "export class { async ((((\n");
  put("apps/web-app/src/binary.ts", Buffer.from([0, 1, 2, 3]));
  put("apps/web-app/src/huge.ts", `export const a = "${"x".repeat(10_000_000)}";\n`);
  put("apps/web-app/src/round.ts", 'export * from "./about.js";\nfetch("/api/users");\n');
  put("apps/web-app/src/about.ts", 'export * from "./round.js";\n');
  put("apps/web-app/tsconfig.json", "{");
  symlinkSync("..", join(cwd, "apps/web-app/loop"));
  const said = await validate(cwd);
  expect(said.stderr).toBe("");
  expect(said.stdout).toContain("[not-text] apps/web-app/src/binary.ts:1:1");
  expect(said.stdout).toContain("[too-big] apps/web-app/src/huge.ts:1:1");
  expect(said.stdout).toContain(
    "calls GET /api/users, which no route answers. [call-without-route] apps/web-app/src/round.ts:2:1",
  );
  expect(await validate(cwd, ["--path=nowhere"])).toMatchObject({ code: 2 });
});

test("the schema of its document is published", async () => {
  const help = await runLine(["help", "validate", "--json"], { token: null });
  const published = resolve(import.meta.dirname, "../../../../docs/validate.schema.json");
  await expect(`${JSON.stringify(help.json().schema, null, 2)}\n`).toMatchFileSnapshot(published);
});
