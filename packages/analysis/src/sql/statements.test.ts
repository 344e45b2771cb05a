import { expect, test } from "vitest";
import { type Statement, splitStatements } from "./statements.ts";

async function split(sql: string): Promise<Statement[]> {
  const outcome = await splitStatements(sql);
  if (!outcome.ok) throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
  return outcome.value;
}

async function refusal(sql: string) {
  const outcome = await splitStatements(sql);
  if (outcome.ok) throw new Error("was accepted");
  return outcome.refusal;
}

test("splits statements, with places that hold when characters take several bytes", async () => {
  const sql =
    "-- größe 🦊\ncomment on table t is '🦊é';  alter table s.t add column x int;\n\n/* ; */ create index i on t (x)";
  const statements = await split(sql);
  expect(statements.map(({ text, line, column, kind }) => ({ text, line, column, kind }))).toEqual([
    { text: "comment on table t is '🦊é'", line: 2, column: 1, kind: "comment" },
    { text: "alter table s.t add column x int", line: 2, column: 31, kind: "alter_table" },
    { text: "create index i on t (x)", line: 4, column: 9, kind: "create_index" },
  ]);
  for (const statement of statements) expect(sql.slice(statement.start, statement.end)).toBe(statement.text);
});

test("says where and why SQL cannot be read", async () => {
  const said = await refusal("select '🦊';\nselect 'é';\n  alter tabel x;");
  expect(said.code).toBe("SQL_INVALID");
  expect(said.message).toContain('syntax error at or near "tabel"');
  expect(said.place).toEqual({ line: 3, column: 9 });
});

test.each(["", "  \n", "-- nothing\n/* here */"])("refuses a file without a statement: %j", async (sql) => {
  expect((await refusal(sql)).code).toBe("SQL_EMPTY");
});

test("refuses what only psql understands, at its line", async () => {
  expect(await refusal("select 1;\n  \\set x 1\n")).toMatchObject({
    code: "SQL_PSQL_COMMAND",
    place: { line: 2, column: 3 },
  });
  expect(await refusal("select 1;\ncopy t (a) from stdin;\n1\tx\n\\.\n")).toMatchObject({
    code: "SQL_COPY_STDIN",
    place: { line: 2, column: 1 },
  });
  expect((await refusal("copy t from stdin")).code).toBe("SQL_COPY_STDIN");
  expect((await refusal("copy t to stdout")).code).toBe("SQL_COPY_STDIN");
  expect((await refusal("select 1;\0 drop table t")).code).toBe("SQL_INVALID");
});

test("reads a file with a byte order mark", async () => {
  expect((await split("\uFEFFselect 1"))[0]).toMatchObject({ text: "select 1", kind: "select" });
});

test.each([
  "create index concurrently i on t (a)",
  "drop index concurrently i",
  "reindex (concurrently) table t",
  "reindex index concurrently i",
  "reindex schema public",
  "vacuum t",
  "vacuum (full) t",
  "create database d",
  "drop database d",
  "alter system set work_mem = '1MB'",
  "create tablespace s location '/x'",
  "drop tablespace s",
  "alter database d set tablespace s",
  "alter table p detach partition c concurrently",
  "create subscription s connection 'x' publication p",
  "drop subscription s",
  "alter subscription s refresh publication",
  "cluster",
  "discard all",
  "do $$ begin for i in 1..3 loop update t set a = i; commit; end loop; end $$",
])("knows that this may not run in a transaction: %s", async (sql) => {
  expect((await split(sql))[0]!.transactional).toBe(false);
});

test.each([
  "create index i on t (a)",
  "drop index i",
  "reindex table t",
  "reindex (concurrently false) table t",
  "analyze t",
  "alter database d set work_mem = '1MB'",
  "alter table p detach partition c",
  "refresh materialized view concurrently v",
  "create subscription s connection 'x' publication p with (create_slot = false)",
  "cluster t using i",
  "discard plans",
  "alter subscription s disable",
  "do $$ begin perform 'begin commit;'; -- then commit;\n perform committed from t; end $$",
])("knows that this may run in a transaction: %s", async (sql) => {
  expect((await split(sql))[0]!.transactional).toBe(true);
});

test("marks statements that control the transaction", async () => {
  const statements = await split("begin; savepoint s; select 1; rollback to s; commit");
  expect(statements.map((s) => [s.kind, s.controlsTransaction])).toEqual([
    ["begin", true],
    ["savepoint", true],
    ["select", false],
    ["rollback_to", true],
    ["commit", true],
  ]);
});

test.each([
  ["drop table a.b, c", "drop_table", ["a.b", "c"]],
  ["drop trigger g on s.t", "drop_trigger", ["s.t"]],
  ["comment on column s.t.c is 'x'", "comment", ["s.t"]],
  ["comment on schema s is 'x'", "comment", []],
  ["with w as (select * from u) insert into t select * from w join v on true", "insert", ["t", "u", "v"]],
  ["alter table a rename column b to c", "rename_column", ["a"]],
  ["create materialized view m as select * from t", "create_materialized_view", ["t", "m"]],
  ["create table x as select 1", "create_table_as", ["x"]],
  ["create procedure p() language sql as ''", "create_procedure", []],
  ["create function f() returns int language sql as 'select 1'", "create_function", []],
  ["create aggregate g (int) (sfunc = int4pl, stype = int)", "create_aggregate", []],
  ["drop materialized view m", "drop_materialized_view", ["m"]],
  ["revoke select on v from w", "revoke", ["v"]],
  ["alter type e add value 'x'", "alter_enum", []],
  ["create extension if not exists citext", "create_extension", []],
  ["alter table a add foreign key (x) references s.b (y)", "alter_table", ["a", "s.b"]],
])("names kind and relations of %s", async (sql, kind, relations) => {
  const [statement] = await split(sql);
  expect(statement!.kind).toBe(kind);
  const names = statement!.relations.map((r) => (r.schema ? `${r.schema}.${r.name}` : r.name));
  expect(names.sort()).toEqual([...relations].sort());
});
