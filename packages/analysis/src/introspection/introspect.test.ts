import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareSchemas, diffSchemas } from "@change-mgmt/domain/schema/diff.ts";
import { type SchemaModel, schemaHash } from "@change-mgmt/domain/schema/model.ts";
import { PGlite } from "@electric-sql/pglite";
import { citext } from "@electric-sql/pglite/contrib/citext";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { templateDump } from "../rehearsal/template.ts";
import { digestTables } from "./digest-tables.ts";
import { introspect, type QueryFunction } from "./introspect.ts";

const SCHEMA = `
  create schema app;
  create type app.mood as enum ('sad', 'ok');
  create domain app.positive as int check (value > 0) not null;
  create type app.pair as (a int, "B" text);
  create table app.users (
    id bigint primary key generated always as identity,
    "Name" text collate "C" not null default 'x',
    email varchar(20) unique,
    mood app.mood,
    doubled int generated always as (age * 2) stored,
    age int check (age > 0)
  );
  comment on table app.users is 'people 🦊';
  comment on column app.users.age is 'years';
  create table app.posts (id serial primary key, author bigint references app.users on delete cascade, at timestamptz default now());
  create index posts_author on app.posts (author) where author > 1;
  create table app.events (at timestamptz not null, what text) partition by range (at);
  create table app.events_2024 partition of app.events for values from ('2024-01-01 00:00+00') to ('2025-01-01 00:00+00');
  create view app.adults as select id, "Name" from app.users where age >= 18;
  create materialized view app.counts as select count(*) as n from app.posts;
  create function app.touch() returns trigger language plpgsql as $$ begin new.at := now(); return new; end $$;
  create trigger touch before update on app.posts for each row execute function app.touch();
  create function app.add(a int, b int default 1) returns int language sql immutable as 'select a + b';
  create aggregate app.total (int) (sfunc = int4pl, stype = int, initcond = '0');
  revoke execute on function app.add from public;
  create policy own on app.posts for select using (author = 1);
  alter table app.posts enable row level security;
  grant select (id), update (email) on app.users to pg_monitor;
  grant insert on app.posts to pg_monitor with grant option;
  create statistics app.correlated on age, email from app.users;
  create publication changes for table app.posts;
  create rule quiet as on delete to app.posts do instead nothing;
  create sequence app.numbers increment 5 cycle;
  create type app.span as range (subtype = float8);
  create cast (app.pair as text) with inout;
  create schema change_mgmt_ledger;
  create table change_mgmt_ledger.applied (id int);
`;

let database: PGlite;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "introspect-"));
  database = await PGlite.create({
    extensions: { citext },
    loadDataDir: await templateDump(join(tmpdir(), "change-mgmt-test-cache")),
  });
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const query: QueryFunction = (text, values) => database.query<Record<string, unknown>>(text, values);

/** Runs in a transaction that is rolled back, so that tests share one database. */
async function scratch(sql: string, then: () => Promise<void>): Promise<void> {
  await database.exec("begin");
  try {
    await database.exec(sql);
    await then();
  } finally {
    await database.exec("rollback");
  }
}

describe("on the embedded Postgres", () => {
  test("reads every kind of object", async () => {
    await scratch(SCHEMA, async () => {
      const { serverVersion, objects } = await introspect(query);
      expect(serverVersion).toMatch(/^18\./);
      const fields = (key: string) => objects[key]?.fields;
      expect(fields("enum:app.mood")).toEqual({ labels: ["sad", "ok"] });
      expect(fields('column:app.users."Name"')).toMatchObject({
        position: 2,
        type: "text",
        notNull: true,
        default: "'x'::text",
        collation: '"C"',
      });
      expect(fields("column:app.users.id")).toMatchObject({ identity: "always", type: "bigint" });
      expect(fields("column:app.users.doubled")).toMatchObject({ generated: "stored: (age * 2)" });
      expect(fields("column:app.users.age")).toMatchObject({ comment: "years" });
      expect(fields("table:app.users")).toMatchObject({ comment: "people 🦊", rowSecurity: false });
      expect(fields("constraint:app.posts.posts_author_fkey")).toMatchObject({
        type: "foreign key",
        columns: ["author"],
        references: "app.users",
        definition: "FOREIGN KEY (author) REFERENCES app.users(id) ON DELETE CASCADE",
      });
      expect(fields("index:app.posts_author")?.definition).toContain("ON app.posts USING btree (author)");
      expect(fields("table:app.events_2024")).toMatchObject({
        partitionOf: "app.events",
        bound: "FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00')",
      });
      expect(fields("view:app.adults")?.columns).toEqual(["id bigint", '"Name" text']);
      expect(fields("function:app.add(integer, integer)")).toMatchObject({
        returns: "integer",
        securityDefiner: false,
      });
      expect(fields("grant:function app.add(integer, integer) to PUBLIC")?.privileges).toEqual([]);
      expect(fields("grant:table app.posts to pg_monitor")?.privileges).toEqual(["INSERT*"]);
      expect(fields("grant:column app.users.email to pg_monitor")?.privileges).toEqual(["UPDATE"]);
      expect(fields("policy:app.posts.own")).toMatchObject({
        command: "select",
        roles: ["PUBLIC"],
        using: "(author = 1)",
      });
      expect(fields("sequence:app.posts_id_seq")).toMatchObject({ ownedBy: "app.posts.id" });
      expect(fields("composite_type:app.pair")?.attributes).toEqual(["a integer", '"B" text']);
      for (const key of [
        "materialized_view:app.counts",
        "trigger:app.posts.touch",
        "function:app.total(integer)",
        "statistics:app.correlated",
        "publication:changes",
        "rule:app.posts.quiet",
        "sequence:app.numbers",
        "other:type app.span",
        "other:cast (app.pair AS pg_catalog.text)",
        "constraint:app.positive.positive_check",
      ]) {
        expect(Object.keys(objects)).toContain(key);
      }
      expect(Object.keys(objects).filter((key) => key.includes("change_mgmt_ledger"))).toEqual([]);
    });
  });

  test("tells what each object needs when asked", async () => {
    await scratch(`${SCHEMA}; create extension citext; create table app.notes (t citext)`, async () => {
      expect((await introspect(query)).dependencies).toBeUndefined();
      const { dependencies = {} } = await introspect(query, { dependencies: true });
      expect(dependencies["view:app.adults"]).toContain("column:app.users.age");
      expect(dependencies["column:app.users.mood"]).toContain("enum:app.mood");
      expect(dependencies["constraint:app.posts.posts_author_fkey"]).toContain("constraint:app.users.users_pkey");
      expect(dependencies["default:app.posts.id"]).toEqual(["column:app.posts.id", "sequence:app.posts_id_seq"]);
      expect(dependencies["trigger:app.posts.touch"]).toContain("function:app.touch()");
      expect(dependencies["table:app.events_2024"]).toContain("table:app.events");
      expect(dependencies["publication:changes"]).toContain("table:app.posts");
      expect(dependencies["column:app.notes.t"]).toContain("extension:citext");
    });
  });

  test("tells owners beside the schema when asked, and compares by them in no way", async () => {
    await scratch(SCHEMA, async () => {
      const before = await introspect(query, { outside: true });
      await database.exec("alter table app.users owner to pg_monitor");
      const { outside = {}, ...after } = await introspect(query, { outside: true });
      expect(outside["table:app.users"]).toEqual({ owner: "pg_monitor" });
      expect(outside["sequence:app.users_id_seq"]).toEqual({ owner: "pg_monitor" });
      expect(outside["function:app.touch()"]).toEqual({ owner: "postgres" });
      expect(outside["constraint:app.users.users_pkey"]).toBeUndefined();
      expect(before.outside?.["table:app.users"]).toEqual({ owner: "postgres" });
      const owned = diffSchemas(before, after).filter(({ kind }) => kind !== "grant");
      expect(owned).toEqual([]);
      expect((await introspect(query)).outside).toBeUndefined();
    });
  });

  test("leaves out members of extensions and schemas it is told to ignore", async () => {
    await scratch(
      "create extension citext; create schema noise; create table noise.t (a int); create schema kept",
      async () => {
        const model = await introspect(query, { ignoreSchemas: ["noise"] });
        expect(Object.keys(model.objects)).toEqual([
          "extension:citext",
          "grant:schema public to PUBLIC",
          "schema:kept",
          "schema:public",
        ]);
      },
    );
  });

  test("reads the same whatever the session's settings are, and leaves them as they were", async () => {
    await scratch(SCHEMA, async () => {
      const plain = await introspect(query);
      await database.exec(
        "set local search_path to app, public; set local timezone to 'Asia/Tokyo'; set local datestyle to 'SQL, DMY'",
      );
      const other = await introspect(query);
      expect(schemaHash(other)).toBe(schemaHash(plain));
      const settings = await query(
        "select current_setting('search_path') as path, current_setting('timezone') as zone",
      );
      expect(settings.rows[0]).toEqual({ path: "app, public", zone: "Asia/Tokyo" });
    });
  });

  test("takes about as many queries for many tables as for one", async () => {
    const counted = async () => {
      let queries = 0;
      await introspect((text, values) => {
        queries++;
        return query(text, values);
      });
      return queries;
    };
    const few = await counted();
    const many = Array.from({ length: 60 }, (_, i) => `create table many_${i} (id int primary key, a text not null)`);
    await scratch(many.join(";"), async () => expect(await counted()).toBe(few));
  });

  test.each([
    ["alter table app.users add column nickname text", "added", "app.users.nickname"],
    ["alter type app.mood add value 'happy'", "altered", "app.mood"],
    ["grant execute on function app.add to public", "removed", "function app.add(integer, integer) to PUBLIC"],
    ["alter table app.posts disable row level security", "altered", "app.posts"],
    ["alter table app.posts disable trigger touch", "altered", "app.posts.touch"],
    ['create or replace view app.adults as select id, "Name" from app.users where age >= 21', "altered", "app.adults"],
    ["alter sequence app.numbers increment 7", "altered", "app.numbers"],
    ["drop cast (app.pair as text)", "removed", "cast (app.pair AS pg_catalog.text)"],
    ["comment on column app.users.age is 'in years'", "altered", "app.users.age"],
    ["alter table app.users add constraint old check (age < 200) not valid", "added", "app.users.old"],
    ["alter table app.users add constraint age_there not null age not valid", "altered", "app.users.age"],
    ["comment on index app.posts_pkey is 'fast'", "altered", "app.posts.posts_pkey"],
    ["alter view app.adults alter id set default 7", "altered", "app.adults"],
    ["alter materialized view app.counts alter n set statistics 50", "altered", "app.counts"],
    ["alter statistics app.correlated set statistics 50", "altered", "app.correlated"],
    [
      "comment on constraint positive_check on domain app.positive is 'more than none'",
      "altered",
      "app.positive.positive_check",
    ],
    ["comment on column app.pair.a is 'first'", "altered", "app.pair"],
  ])("finds drift: %s", async (drift, change, object) => {
    await scratch(SCHEMA, async () => {
      const before = await introspect(query);
      await database.exec(drift);
      const differences = diffSchemas(before, await introspect(query));
      expect(differences).toContainEqual(expect.objectContaining({ change, object }));
    });
  });

  test("tells a moved column from a changed schema, and a grant given and taken back from a change", async () => {
    await scratch(SCHEMA, async () => {
      const before = await introspect(query);
      await database.exec(
        "grant select on app.users to pg_read_all_data; revoke select on app.users from pg_read_all_data",
      );
      await database.exec(
        "grant execute on function app.touch to pg_read_all_data; revoke execute on function app.touch from pg_read_all_data",
      );
      expect(compareSchemas(before, await introspect(query))).toBe("exact");
      await database.exec("alter table app.events drop column what; alter table app.events add column what text");
      await database.exec(
        "alter table app.posts drop column at; alter table app.posts add column at timestamptz default now()",
      );
      expect(compareSchemas(before, await introspect(query))).toBe("exact");
      await database.exec(
        "alter table app.posts drop column author cascade; alter table app.posts add column author bigint",
      );
      expect(compareSchemas(before, await introspect(query))).toBe("differs");
    });
  });

  test("tells owners when asked, where they are others than who asks", async () => {
    const sql =
      "create role other_owner; create table mine (a int); create table theirs (a int); create index on theirs (a); alter table theirs owner to other_owner";
    await scratch(sql, async () => {
      const owners = ({ objects }: SchemaModel) =>
        Object.entries(objects).flatMap(([key, { fields }]) =>
          fields.owner === undefined ? [] : [[key, fields.owner]],
        );
      expect(owners(await introspect(query, { owners: true }))).toEqual([["table:public.theirs", "other_owner"]]);
      expect(owners(await introspect(query))).toEqual([]);
    });
  });

  test("digests rows whatever their order and that of the columns", async () => {
    const rows = "insert into d1 values (1, 'a', null), (2, null, '{NULL,\"NULL\"}'), (2, null, '{NULL,\"NULL\"}')";
    const others = "insert into d2 values (null, 2, '{NULL,\"NULL\"}'), ('a', 1, null), (null, 2, '{NULL,\"NULL\"}')";
    const tables =
      "create table d1 (a int, b text, c text[]); create table d2 (b text, a int, c text[]); create table empty ()";
    await scratch(`${tables};${rows};${others}`, async () => {
      const digests = await digestTables(query, ["public.d1", "public.d2", "public.empty", "public.nowhere"]);
      expect(Object.keys(digests)).toEqual(["public.d1", "public.d2", "public.empty"]);
      expect(digests["public.d1"]).toEqual(digests["public.d2"]);
      expect(digests["public.d1"]!.rows).toBe(3);
      await database.exec("update d2 set c = '{\"NULL\",NULL}' where a = 2");
      expect((await digestTables(query, ["public.d2"]))["public.d2"]!.digest).not.toBe(digests["public.d1"]!.digest);
      await database.exec("alter table d1 rename b to d");
      expect((await digestTables(query, ["public.d1"]))["public.d1"]!.digest).not.toBe(digests["public.d1"]!.digest);
      expect(await digestTables(query, [])).toEqual({});
    });
  });
});

describe("on a real Postgres", () => {
  // One server for all tests of a run; see globalSetup in vitest.config.ts.
  const server = process.env.DATABASE_URL_FOR_TESTS;
  const database = `introspect_${process.pid}`;
  let client: pg.Client;
  let address: string;
  beforeAll(async () => {
    await onServer((maintenance) => maintenance.query(`create database ${database}`));
    const url = new URL(String(server));
    url.pathname = `/${database}`;
    address = url.toString();
    client = new pg.Client({ connectionString: address });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await onServer((maintenance) => maintenance.query(`drop database ${database}`));
  });

  async function onServer(use: (maintenance: pg.Client) => Promise<unknown>): Promise<void> {
    const maintenance = new pg.Client({ connectionString: server });
    await maintenance.connect();
    await use(maintenance);
    await maintenance.end();
  }

  test("reads the same schema as the embedded one does", async () => {
    await client.query(SCHEMA);
    const real = await introspect((text, values) => client.query(text, values));
    await scratch(SCHEMA, async () => {
      const embedded = await introspect(query);
      expect(diffSchemas(real, embedded).map(({ object, detail }) => `${object}: ${detail}`)).toEqual([]);
      expect(schemaHash(real)).toBe(schemaHash(embedded));
    });
  });

  test("works through a pool, where each query may use another connection", async () => {
    const pool = new pg.Pool({ connectionString: address, max: 3 });
    try {
      const pooled = await introspect((text, values) => pool.query(text, values));
      expect(schemaHash(pooled)).toBe(schemaHash(await introspect((text, values) => client.query(text, values))));
    } finally {
      await pool.end();
    }
  });
});
