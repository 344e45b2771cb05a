import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { freshFolder, runLine } from "../testing/run-line.ts";

function folderWith(files: Record<string, string>): string {
  const folder = freshFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function schema(cwd: string, ...words: string[]) {
  const env = { XDG_CACHE_HOME: join(tmpdir(), "change-mgmt-test-cache"), HOME: freshFolder() };
  return runLine(["schema", ...words], { token: null, cwd, env });
}

const OLD = "create table users (id int primary key, nick text);\ncreate view nicks as select nick from users;\n";
const NEW =
  "create table users (id bigint primary key, full_name text);\ncreate view nicks as select full_name from users;\n";
const MIGRATIONS = {
  "db/1_a.up.sql": "create table users (id int primary key);\n",
  "db/2_b.up.sql": "alter table users add nick text;\n",
};

test("says what differs, what breaks, the way there with its facts, and that it was verified", async () => {
  const said = await schema(folderWith({ "old.sql": OLD, "new.sql": NEW }), "diff", "old.sql", "new.sql");
  expect(said).toMatchObject({ code: 1, stderr: "" });
  expect(said.stdout).toContain("old.sql → new.sql");
  expect(said.stdout).toContain("✗ public.users.nick is removed");
  expect(said.stdout).toContain("DROP VIEW public.nicks;");
  expect(said.stdout).toContain(
    "ALTER TABLE public.users ALTER COLUMN id TYPE bigint;\n    AccessExclusiveLock on public.users, rewrites the table",
  );
  expect(said.stdout).toContain("loses the column with its values");
  expect(said.stdout).toContain(
    "perhaps public.users.nick was renamed: --rename=public.users.nick=public.users.full_name",
  );
  expect(said.stdout).toContain("✓ Verified: applied to a copy, the statements lead to exactly this schema.");
});

test("takes a rename that is said, and nothing is lost", async () => {
  const cwd = folderWith({ "old.sql": OLD, "new.sql": NEW });
  const said = await schema(
    cwd,
    "diff",
    "old.sql",
    "new.sql",
    "--rename=public.users.nick=public.users.full_name",
    "--json",
  );
  const { steps, verification } = said.json() as {
    steps: { sql: string; lossy: string | null }[];
    verification: object;
  };
  expect(steps.map(({ sql }) => sql)).toContain("ALTER TABLE public.users RENAME COLUMN nick TO full_name;");
  expect(steps.filter(({ lossy }) => lossy !== null)).toEqual([]);
  expect(verification).toMatchObject({ outcome: "equal" });
});

test("compares migrations with a snapshot of them: equal is exit code 0", async () => {
  const cwd = folderWith(MIGRATIONS);
  const taken = await schema(cwd, "snapshot", "db");
  writeFileSync(join(cwd, "known.json"), taken.stdout);
  const said = await schema(cwd, "diff", "db", "known.json");
  expect(said).toMatchObject({ code: 0, stdout: "✓ db and known.json have the same schema\n" });
});

test("prints only SQL with --sql, and verifies anything when asked", async () => {
  const cwd = folderWith({
    ...MIGRATIONS,
    "new.sql": "create table users (id int primary key, nick text not null default '');",
  });
  writeFileSync(join(cwd, "known.json"), (await schema(cwd, "snapshot", "db", "--json")).stdout);
  const sql = await schema(cwd, "diff", "known.json", "new.sql", "--sql");
  expect(sql.stdout).toBe(
    "ALTER TABLE public.users ALTER COLUMN nick SET NOT NULL;\nALTER TABLE ONLY public.users ALTER COLUMN nick SET DEFAULT ''::text;\n",
  );
  expect((await schema(cwd, "diff", "known.json", "new.sql")).stdout).toContain("Not verified; --verify");
  const verified = await schema(cwd, "diff", "known.json", "new.sql", "--verify", "--json");
  expect(verified.json()).toMatchObject({ verification: { outcome: "equal" } });
});

test("refuses by name what cannot be done in place", async () => {
  const cwd = folderWith({
    "old.sql": "create table t (a int);",
    "new.sql": "create table t (a int) partition by list (a);",
  });
  const said = await schema(cwd, "diff", "old.sql", "new.sql");
  expect(said.code).toBe(1);
  expect(said.stdout).toContain("not possible public.t: a table cannot be partitioned otherwise in place");
  const again = await schema(cwd, "diff", "old.sql", "new.sql", "--recreate", "--json");
  expect(again.json()).toMatchObject({ obstacles: [], verification: { outcome: "equal" } });
});

test("looks only at the schemas that are named", async () => {
  const cwd = folderWith({
    "old.sql": "create schema a; create table a.t (x int);",
    "new.sql": "create schema a; create table a.t (x int); create table u ()",
  });
  expect((await schema(cwd, "diff", "old.sql", "new.sql", "--schema=a")).code).toBe(0);
  expect((await schema(cwd, "diff", "old.sql", "new.sql", "--schema=public")).code).toBe(1);
});

test.each([
  [["diff", "old.sql", "nowhere.sql"], 2, "PATH_NOT_FOUND"],
  [["diff", "old.sql", "broken.sql"], 3, "SCHEMA_NOT_BUILT"],
  [["diff", "old.sql", "no.json"], 3, "SNAPSHOT_INVALID"],
  [["diff", "old.sql", "postgres://user:secret@127.0.0.1:1/db"], 3, "DATABASE_UNREADABLE"],
  [["diff", "old.sql", "old.sql", "--rename=public.a=public.b"], 1, "RENAME_UNKNOWN"],
  [["diff", "old.sql", "old.sql", "--rename=users"], 2, "USAGE"],
  [["diff", "old.sql"], 2, "USAGE"],
])("%j ends with exit code %i and %s", async (words, code, refusal) => {
  const files = { "old.sql": OLD, "broken.sql": "create table a (b nowhere);", "no.json": '{"objects": 1}' };
  const said = await schema(folderWith(files), ...words, "--json");
  expect(said.code).toBe(code);
  expect(said.json()).toMatchObject({ ok: false, problem: { code: refusal } });
  expect(said.stdout).not.toContain("secret");
});

test("plans a breaking migration in phases, shows each with its rehearsal, and writes nothing unless asked", async () => {
  const cwd = folderWith({ ...MIGRATIONS, "db/3_c.up.sql": "alter table users rename nick to handle;\n" });
  const said = await schema(cwd, "plan", "db/3_c.up.sql");
  expect(said).toMatchObject({ code: 0, stderr: "" });
  expect(said.stdout).toContain("✗ public.users.nick is renamed to handle");
  expect(said.stdout).toMatch(/3_c_1_expand[\s\S]*3_c_2_backfill[\s\S]*→ Deploy code that reads[\s\S]*3_c_3_contract/);
  expect(said.stdout).toContain("✓ runs; ✓ way back: exact");
  expect(said.stdout).toContain("✓ The last leads to exactly the schema of the migration itself.");
  expect(readdirSync(cwd)).toEqual(["db"]);
  const written = await schema(cwd, "plan", "db/3_c.up.sql", "--out=plan", "--json");
  expect(written.json()).toMatchObject({ ok: true, reaches: "exact", obstacles: [] });
  expect(readdirSync(join(cwd, "plan"))).toHaveLength(6);
  expect(readFileSync(join(cwd, "plan", "3_c_2_backfill.up.sql"), "utf8")).toContain("-- Runs outside a transaction.");
});

test("names what cannot be planned, and needs no plan for what breaks nothing", async () => {
  const cwd = folderWith({ ...MIGRATIONS, "db/3_c.up.sql": "alter table users alter nick set not null;\n" });
  const said = await schema(cwd, "plan", "db/3_c.up.sql");
  expect(said.code).toBe(1);
  expect(said.stdout).toContain("✗ cannot be planned public.users.nick: it becomes NOT NULL and nothing says");
  expect((await schema(cwd, "plan", "db/2_b.up.sql")).stdout).toBe(
    "✓ db/2_b.up.sql breaks nothing that is; it needs no plan\n",
  );
  expect(await schema(cwd, "plan", "db")).toMatchObject({ code: 3 });
});
