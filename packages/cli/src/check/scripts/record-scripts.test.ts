import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { freshFolder, runLine } from "../../testing/run-line.ts";
import { recordScripts } from "./record-scripts.ts";

const MODULES = resolve(import.meta.dirname, "../../../../../node_modules");

/** A repository whose dependencies are there; files by path. */
function aRepository(files: Record<string, string>): string {
  const folder = freshFolder();
  symlinkSync(MODULES, join(folder, "node_modules"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function recorded(tool: "knex" | "kysely" | "node-pg-migrate", files: Record<string, string>) {
  const folder = aRepository(files);
  const [script] = await recordScripts({ tool, files: [join(folder, Object.keys(files)[0]!)] });
  return { ...script!, folder };
}

const KNEX = `exports.up = async (knex) => {
  if (!(await knex.schema.hasTable("t"))) await knex.schema.createTable("t", (table) => { table.increments(); table.string("name"); });
  await knex.transaction(async (trx) => { await trx("t").insert({ name: "it's" }); });
};
exports.down = (knex) => knex.schema.dropTable("t");
exports.config = { transaction: false };
`;

test("knex says its SQL with the values in it, without the transaction", async () => {
  expect(await recorded("knex", { "migrations/1_t.js": KNEX })).toMatchObject({
    up: {
      sql: [
        expect.stringContaining("information_schema.tables"),
        `create table "t" ("id" serial primary key, "name" varchar(255))`,
        `insert into "t" ("name") values ('it''s')`,
      ],
    },
    down: { sql: [`drop table "t"`] },
    transactional: false,
  });
});

test("Kysely says its SQL, in TypeScript with an enum and an import without an ending, in a package of the older kind", async () => {
  const files = {
    "migrations/1_t.ts": `import { type Kysely, sql } from "kysely";
import { NAME } from "./names";
enum Column { Id = "id" }
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.createTable(NAME).addColumn(Column.Id, "serial").execute();
  await sql\`select \${1}\`.execute(db);
}
`,
    "migrations/names.ts": `export const NAME: string = "t";\n`,
    "package.json": `{ "type": "commonjs" }`,
  };
  expect(await recorded("kysely", files)).toMatchObject({
    up: { sql: [`create table "t" ("id" serial)`, "select 1"] },
    down: null,
    transactional: true,
  });
});

test("node-pg-migrate says its SQL, and turns the way there around", async () => {
  const text = `exports.up = (pgm) => { pgm.createTable("t", { id: "id" }); };\n`;
  const { up, down } = await recorded("node-pg-migrate", { "migrations/1_t.js": text });
  expect(up).toEqual({ sql: [expect.stringContaining(`CREATE TABLE "t"`)] });
  expect(down).toEqual({ sql: [expect.stringContaining(`DROP TABLE "t"`)] });
});

test("what cannot be run says why, and can neither write nor start a program nor see the environment", async () => {
  const refusing = (what: string) =>
    recorded("kysely", {
      "1_t.mjs": `import fs from "node:fs"; import cp from "node:child_process";\nexport async function up() { ${what} }\n`,
    });
  const [thrown, written, started, seen, ended] = await Promise.all([
    refusing(`throw new Error("no such thing");`),
    refusing(`fs.writeFileSync("written.txt", "");`),
    refusing(`cp.execSync("touch started.txt");`),
    refusing(`throw new Error(Object.keys(process.env).join());`),
    refusing("process.exit(7);"),
  ]);
  expect(thrown.up).toEqual({ why: "no such thing" });
  expect(written.up).toEqual({ why: expect.stringContaining("restricted") });
  expect(started.up).toEqual({ why: expect.stringContaining("restricted") });
  expect(seen.up).toEqual({ why: "PATH" });
  expect(ended.up).toEqual({ why: "it ended before it was recorded" });
  expect(existsSync(join(written.folder, "written.txt"))).toBe(false);
  const none = await recordScripts({ tool: "knex", files: [join(freshFolder(), "1_gone.js")] });
  expect(none[0]!.up).toEqual({ why: expect.stringContaining("cannot be loaded") });
});

test("check rehearses what was recorded, and only reads with --text-only", async () => {
  const cwd = aRepository({ "migrations/20240101000000_t.js": KNEX });
  const options = { token: null, cwd, env: { XDG_CACHE_HOME: join(tmpdir(), "change-mgmt-test-cache"), HOME: cwd } };
  const read = await runLine(["check", "--text-only", "--json"], options);
  expect(read.json()).toMatchObject({ files: [{ tool: "knex", rehearsal: { up: { outcome: "not-rehearsable" } } }] });
  const run = await runLine(["check", "--json"], options);
  expect(run.json()).toMatchObject({
    ok: true,
    files: [
      {
        statements: [{ line: 1 }, { kind: "create_table" }, { kind: "insert" }],
        rehearsal: { down: { outcome: "exact" } },
      },
    ],
  });
});
