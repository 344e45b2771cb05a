import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareSchemas } from "@change-mgmt/domain/schema/diff.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { onDisposable } from "../alteration/disposable.ts";
import { introspect } from "../introspection/introspect.ts";
import type { Engine } from "../rehearsal/engine.ts";
import { rehearse } from "../rehearsal/rehearse.ts";
import { splitStatements } from "../sql/statements.ts";
import type { PhasedPlan } from "./phased-plan.ts";
import { planPhases } from "./plan-phases.ts";

const cacheFolder = join(tmpdir(), "change-mgmt-test-cache");
const SCHEMA = `create type mood as enum ('sad', 'ok', 'happy');
  create table users (id int generated always as identity primary key, nick varchar(20) unique default 'x', name text, mood mood not null default 'ok', age text, note text, doc json);
  create table orders (id int, line int, user_id int references users, total numeric, primary key (id, line));
  create index users_age on users (age); create view nicks as select id, nick from users;
  create table tags (name text primary key, owner int); create table loose (a int, b text);`;
const ROWS = `insert into users (nick, name, mood, age, note, doc)
    select 'n' || i, 'First' || i || ' Last' || i, (array['sad', 'ok', 'happy'])[i % 3 + 1]::mood, i::text, 'note ' || i, '{}' from generate_series(1, 2500) i;
  insert into orders select i, 1, i, i from generate_series(1, 20) i; insert into tags select 't' || i, i from generate_series(1, 3) i`;
const base = [{ name: "1.sql", up: SCHEMA, transactional: true }];

async function planned(up: string): Promise<PhasedPlan> {
  const plan = await planPhases({ base, name: "2.sql", up, transactional: true, cacheFolder, major: null });
  if (!plan.ok) throw new Error(plan.refusal.message);
  return plan.value;
}

async function onRows<T>(use: (engine: Engine) => Promise<T>): Promise<T> {
  const used = await onDisposable({ texts: base, cacheFolder, major: null }, async (engine) => {
    await engine.run(ROWS);
    return { ok: true, value: await use(engine) };
  });
  if (!used.ok) throw new Error(used.refusal.message);
  return used.value;
}

async function apply(engine: Engine, sql: string, transactional: boolean): Promise<void> {
  const split = await splitStatements(sql);
  if (!split.ok) return;
  if (transactional) await engine.run("begin");
  for (const { text } of split.value) await engine.run(text);
  if (transactional) await engine.run("commit");
}

/** Applies a plan's migrations; `between` runs where new code has been deployed and old code still runs. */
async function through(engine: Engine, { migrations }: PhasedPlan, between: () => Promise<void>): Promise<void> {
  const asks = migrations.findIndex(({ phase }) => phase !== "expand" && phase !== "backfill");
  for (const [at, { up, transactional }] of migrations.entries()) {
    if (at === asks) await between();
    await apply(engine, up, transactional);
  }
}

const everything = async (engine: Engine, tables: readonly string[]) => {
  const rows: unknown[] = [];
  for (const table of tables) {
    const read = `select string_agg(to_jsonb(t)::text, ' ' order by to_jsonb(t)::text) as rows from ${table} t`;
    rows.push((await engine.query(read)).rows[0]!.rows);
  }
  return rows;
};

interface Shown {
  readonly up: string;
  /** What old and new code do while both run, in turn. */
  readonly between: readonly string[];
  /** A query at that time, and its answer. */
  readonly asked?: readonly [string, unknown];
  /** A query at the end, and its answer. */
  readonly atLast: readonly [string, unknown];
}

const SHOWN: Readonly<Record<string, Shown>> = {
  "a renamed column": {
    up: "alter table users rename nick to handle",
    between: [
      "insert into users (nick) values ('old writes')",
      "insert into users (handle) values ('new writes')",
      "update users set nick = 'old changes' where handle = 'n1'",
      "update users set handle = 'new changes' where nick = 'n2'",
    ],
    asked: [
      "select count(*)::int as n from users where nick is distinct from handle or nick in ('old changes', 'new changes', 'old writes', 'new writes')",
      4,
    ],
    atLast: [
      "select count(*)::int as n from users where handle in ('old changes', 'new changes', 'old writes', 'new writes')",
      4,
    ],
  },
  "a renamed table with a renamed column": {
    up: "alter table users rename to people; alter table people rename column nick to handle",
    between: [
      "insert into users (nick) values ('old writes')",
      "insert into people (handle) values ('new writes')",
      "update people set handle = 'new changes' where nick = 'n2'",
      "delete from people where handle = 'n30'",
    ],
    asked: ["select count(*)::int as n from users where nick in ('old writes', 'new writes', 'new changes', 'n30')", 3],
    atLast: ["select count(*)::int as n from people where handle in ('old writes', 'new writes', 'new changes')", 3],
  },
  "a column of another type": {
    up: "alter table users alter age type int using age::int",
    between: ["insert into users (nick, age) values ('old', '7000')", "update users set age = '8000' where id = 1"],
    atLast: ["select sum(age)::int as n from users where age > 6000", 15000],
  },
  "a column that becomes NOT NULL": {
    up: "update users set doc = '[]' where doc is null; alter table users alter doc set not null",
    between: ["insert into users (nick) values ('old')"],
    atLast: ["select count(*)::int as n from users where doc::text = '[]'", 1],
  },
  "a column divided in two": {
    up: "alter table users add first text, add last text; update users set first = split_part(name, ' ', 1), last = split_part(name, ' ', 2); alter table users drop name",
    between: [
      "insert into users (nick, name) values ('old', 'Ada Old')",
      "insert into users (nick, name, first, last) values ('new', 'whatever', 'Ada', 'New')",
      "update users set name = 'Ada Third' where id = 1",
    ],
    atLast: ["select string_agg(last, ',' order by id) as n from users where first = 'Ada'", "Third,Old,New"],
  },
  "a column that moves into another table": {
    up: "create table notes (user_id int primary key references users on delete cascade, note text); insert into notes (user_id, note) select id, note from users; alter table users drop note",
    between: [
      "insert into users (nick, note) values ('old', 'of old')",
      "update users set note = 'old changes' where id = 1",
      "update notes set note = 'new changes' where user_id = 2",
      "delete from users where id = 30",
    ],
    asked: ["select count(*)::int as n from users join notes on user_id = id where users.note = notes.note", 2500],
    atLast: [
      "select string_agg(note, ',' order by user_id) as n from notes where note like '%changes' or user_id in (30, 2501)",
      "old changes,new changes,of old",
    ],
  },
  "a label that goes": {
    up: "update users set mood = 'ok' where mood = 'sad'; alter table users alter mood drop default; alter type mood rename to mood_old; create type mood as enum ('ok', 'happy'); alter table users alter mood type mood using mood::text::mood; alter table users alter mood set default 'ok'; drop type mood_old",
    between: [],
    atLast: ["select count(*)::int as n from users where mood = 'ok'", 1667],
  },
  "a label under another name": {
    up: "alter type mood rename value 'sad' to 'blue'",
    between: ["insert into users (nick, mood) values ('new', 'blue')"],
    atLast: ["select count(*)::int as n from users where mood = 'blue'", 834],
  },
};

for (const [what, { up, between, asked, atLast }] of Object.entries(SHOWN)) {
  test(`leads old and new code through ${what}`, async () => {
    const plan = await planned(up);
    expect(plan.obstacles).toEqual([]);
    await onRows(async (engine) => {
      await through(engine, plan, async () => {
        for (const statement of between) await engine.run(statement);
        if (asked) expect((await engine.query(asked[0])).rows[0]!.n).toBe(asked[1]);
      });
      expect((await engine.query(atLast[0])).rows[0]!.n).toBe(atLast[1]);
    });
  });
}

test("each migration of a plan holds in rehearsal, with its way back", async () => {
  const { migrations } = await planned(
    "alter table users rename nick to handle; alter table users drop name; alter table orders add constraint positive check (total > 0), add constraint one unique (user_id)",
  );
  expect(migrations.map(({ phase, transactional }) => [phase, transactional])).toEqual([
    ["expand", true],
    ["backfill", false],
    ["enforce", true],
    ["validate", true],
    ["index", false],
    ["contract", true],
  ]);
  const report = await rehearse({
    base,
    cacheFolder,
    migrations: migrations.map((migration, at) => ({ id: String(at), name: migration.phase, ...migration })),
  });
  expect(report.migrations.map(({ rehearsal: { up, down } }) => [up.outcome, down.outcome])).toEqual(
    migrations.map(({ phase }) => ["ok", phase === "contract" ? "column-order" : "exact"]),
  );
  const strong = report.migrations.flatMap(({ statements }) => statements.flatMap(({ rewrites }) => rewrites));
  expect(strong).toEqual([]);
});

test("says what it cannot plan, by name, and plans nothing beside it", async () => {
  const cannot: readonly [string, string, RegExp][] = [
    ["alter table loose rename a to c", "public.loose", /no primary key/],
    ["alter table users enable row level security", "public.users", /row security/],
    [
      "update users set name = t.name from tags t where t.owner = users.id; alter table users alter name set not null",
      "line 1",
      /other rows/,
    ],
    ["alter table users alter name set not null", "public.users.name", /nothing says what rows without a value get/],
    ["do $$ begin perform 1; end $$; alter table users drop name", "line 1", /DO block/],
    ["update users set age = age || '0'; alter table users drop name", "public.users.age", /of itself/],
  ];
  for (const [up, object, reason] of cannot) {
    const plan = await planned(up);
    expect(plan.migrations, up).toEqual([]);
    expect(
      plan.obstacles.map((obstacle) => obstacle.object),
      up,
    ).toContain(object);
    expect(plan.obstacles.map((obstacle) => obstacle.reason).join(), up).toMatch(reason);
  }
  expect(await planned("alter table users add email text")).toMatchObject({
    breaks: [],
    migrations: [],
    obstacles: [],
  });
});

test("a backfill that was stopped goes on where it was, and goes along a key of several columns", async () => {
  const { migrations } = await planned("alter table orders rename total to amount");
  const [expand, backfill] = migrations;
  await onRows(async (engine) => {
    await engine.run("insert into orders select i, 2, 1, i from generate_series(1, 2500) i");
    await apply(engine, expand!.up, true);
    await engine.run(
      "create function stops() returns trigger language plpgsql as $$ begin if new.id = 2000 then raise 'stopped'; end if; return new; end $$",
    );
    await engine.run("create trigger stops before update on orders for each row execute function stops()");
    await expect(apply(engine, backfill!.up, false)).rejects.toThrow("stopped");
    const filled = "select count(*)::int as n from orders where amount is not null";
    const done = Number((await engine.query(filled)).rows[0]!.n);
    expect([done % 1000, done > 0]).toEqual([0, true]);
    await engine.run(
      "drop trigger stops on orders; create table writes (n int); create function counts() returns trigger language plpgsql as $$ begin insert into writes values (1); return new; end $$; create trigger counts before update on orders for each row execute function counts()",
    );
    await apply(engine, backfill!.up, false);
    expect((await engine.query("select count(*)::int as n from writes")).rows[0]!.n).toBe(2520 - done);
    expect((await engine.query(filled)).rows[0]!.n).toBe(2520);
  });
});

/** Alternatives for parts of the schema that do not touch each other. */
const CHANGES = [
  ["", "alter table users rename nick to handle;", "alter table users drop nick cascade;"],
  [
    "",
    "alter table users drop name;",
    "alter table users rename name to full_name;",
    "alter table users add first text; update users set first = split_part(name, ' ', 1); alter table users drop name;",
    "alter table users add first text; update users set first = name; alter table users alter first set not null;",
  ],
  [
    "",
    "alter table users alter age type int using age::int;",
    "alter table users alter age type numeric(9, 2) using age::numeric, alter age set default 0;",
  ],
  [
    "",
    "update users set note = '' where note is null; alter table users alter note set not null;",
    "create table notes (user_id int primary key references users, note text); insert into notes (user_id, note) select id, note from users; alter table users drop note;",
    "alter table users alter note set default 'none', alter note set not null;",
  ],
  [
    "",
    "alter type mood rename value 'sad' to 'blue';",
    "update users set mood = 'happy' where mood = 'sad'; alter table users alter mood drop default; alter type mood rename to mood_old; create type mood as enum ('ok', 'happy', 'calm'); alter table users alter mood type mood using mood::text::mood; alter table users alter mood set default 'ok'; drop type mood_old;",
  ],
  [
    "",
    "alter table orders add constraint positive check (total > 0);",
    "alter table orders rename total to amount;",
    "create unique index one_each on orders (total);",
  ],
  [
    "",
    "alter table tags rename to labels;",
    "alter table tags add constraint owned foreign key (owner) references users;",
    "drop table tags;",
    "alter table tags rename owner to user_id;",
  ],
];

test("for random breaking changes the phases end with the schema and the rows of the change itself", async () => {
  const slots = CHANGES.map((alternatives) => fc.constantFrom(...alternatives));
  await fc.assert(
    fc.asyncProperty(fc.tuple(...slots), async (chosen) => {
      const up = chosen.join("\n");
      if (up.trim() === "") return;
      const plan = await planned(up);
      expect(plan.obstacles, up).toEqual([]);
      const tables = (model: Awaited<ReturnType<typeof introspect>>) =>
        Object.values(model.objects).flatMap(({ kind, name }) => (kind === "table" ? [name] : []));
      const itself = await onRows(async (engine) => {
        await apply(engine, up, true);
        const schema = await introspect(engine.query);
        return { schema, rows: await everything(engine, tables(schema)) };
      });
      const phased = await onRows(async (engine) => {
        await through(engine, plan, async () => {});
        const schema = await introspect(engine.query);
        return { schema, rows: await everything(engine, tables(schema)) };
      });
      expect(compareSchemas(phased.schema, itself.schema), up).toBe(plan.reaches);
      expect(plan.reaches, up).not.toBe("differs");
      expect(phased.rows, up).toEqual(itself.rows);
    }),
    { seed: 20261128, numRuns: 6 },
  );
});
