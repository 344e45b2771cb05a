import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { templateDump } from "../rehearsal/template.ts";
import { onDisposable } from "./disposable.ts";

let cacheFolder: string;
beforeAll(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), "change-mgmt-disposable-"));
  // The engine's own template is not what is tried here, and takes long to make.
  const shared = join(tmpdir(), "change-mgmt-test-cache");
  await templateDump(shared);
  const templates = (await readdir(shared)).filter((name) => /^template-.*\.tar$/.test(name));
  for (const name of templates) await copyFile(join(shared, name), join(cacheFolder, name));
});
afterAll(() => rm(cacheFolder, { recursive: true }));

const on = (sql: string, statementMs = 1500) =>
  onDisposable(
    { texts: [{ name: "schema.sql", sql }], cacheFolder, major: null, limits: { statementMs, memoryMb: 600 } },
    async (engine) => accept((await engine.query("select count(*)::int as rows from t")).rows[0]!.rows),
  );

test("texts are applied once, and opened as they were left afterwards", async () => {
  const sql = "create table t (id int);\ninsert into t values (1), (2);";
  expect(await on(sql)).toEqual({ ok: true, value: 2 });
  const kept = async () => (await readdir(cacheFolder)).filter((name) => name.startsWith("base-"));
  const before = await kept();
  expect(before).toHaveLength(1);
  expect(await on(sql)).toEqual({ ok: true, value: 2 });
  expect(await kept()).toEqual(before);
});

test.each<[what: string, sql: string, why: RegExp, statementMs?: number]>([
  [
    "sleeps",
    "create table t (id int);\nselect pg_sleep(1000);",
    /\(schema\.sql\) line 2: the statement did not end within 1\.5 s/,
  ],
  [
    "never ends",
    "do $$ begin loop null; end loop; end $$;",
    /\(schema\.sql\) line 1: the statement did not end within/,
  ],
  [
    "fills the memory",
    "select length(string_agg(repeat('x', 1000000), '')), pg_sleep(20) from generate_series(1, 1000);",
    /line 1: it took more than 600 MiB of memory|line 1: .*memory/,
    // How long it takes to fill is the machine's; that it is ended is not to depend on it.
    60_000,
  ],
  ["fails", "create table t (id int);\nselect 1 / 0;", /schema\.sql line 2: division by zero/],
])(
  "a text that %s is refused with its place, and leaves this process as it was",
  async (_, sql, why, statementMs = 1500) => {
    const refused = await on(sql, statementMs);
    expect(refused).toMatchObject({ ok: false, refusal: { code: "SCHEMA_NOT_BUILT" } });
    expect(!refused.ok && refused.refusal.message).toMatch(why);
  },
);
