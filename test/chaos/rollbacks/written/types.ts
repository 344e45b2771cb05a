import type { Written } from "../written.ts";

/** Enums, domains, composite types, ranges, schemas and what else has a name. */
export const TYPES: readonly Written[] = [
  {
    name: "a label is added",
    up: "alter type app.mood add value 'wild' after 'ok'",
    downs: ["select 1", "alter type app.mood rename value 'wild' to 'mild'", "alter type app.mood drop value 'wild'"],
  },
  {
    name: "a label is renamed",
    up: "alter type app.mood rename value 'sad' to 'blue'",
    downs: [
      "alter type app.mood rename value 'blue' to 'sad'",
      "alter type app.mood rename value 'happy' to 'sad'",
      "alter type app.mood rename value 'sad' to 'blue'",
    ],
  },
  {
    name: "an enum is made anew with a label less",
    up: `drop view app.happy; drop view app.grown_ups; alter table app.customers alter mood drop default; update app.customers set mood = 'ok' where mood = 'sad';
      alter type app.mood rename to mood_old; create type app.mood as enum ('ok', 'happy'); alter table app.customers alter mood type app.mood using mood::text::app.mood; drop type app.mood_old;
      alter table app.customers alter mood set default 'ok'; create view app.grown_ups as select id, name, mood from app.customers where age > 17; create view app.happy as select name from app.grown_ups where mood = 'happy'`,
    downs: [
      "alter type app.mood add value 'sad' before 'ok'",
      "alter type app.mood add value 'sad'",
      `drop view app.happy; drop view app.grown_ups; alter table app.customers alter mood drop default; alter type app.mood rename to mood_old; create type app.mood as enum ('sad', 'ok', 'happy');
        alter table app.customers alter mood type app.mood using mood::text::app.mood; drop type app.mood_old; alter table app.customers alter mood set default 'ok'; create view app.grown_ups as select id, name, mood from app.customers where age > 17; create view app.happy as select name from app.grown_ups where mood = 'happy'`,
    ],
  },
  {
    name: "an enum comes",
    up: "create type app.size as enum ('s', 'm'); alter table app.tags add size app.size default 's'",
    downs: [
      "alter table app.tags drop size; drop type app.size",
      "drop type app.size cascade",
      "drop type app.size",
      "alter table app.tags drop size",
    ],
  },
  {
    name: "a domain gets a check",
    up: "alter domain app.email add constraint short check (length(value) < 100) not valid",
    downs: ["alter domain app.email drop constraint short", "alter domain app.email validate constraint short"],
  },
  {
    name: "a domain loses its check",
    up: "alter domain app.positive drop constraint above",
    downs: [
      "alter domain app.positive add constraint above check (value > 0)",
      "alter domain app.positive add check (value > 0)",
      "alter domain app.positive add constraint above check (value >= 0)",
    ],
  },
  {
    name: "default and null of a domain",
    up: "alter domain app.positive drop not null; alter domain app.positive set default 2",
    downs: [
      "alter domain app.positive set not null; alter domain app.positive set default 1",
      "alter domain app.positive set not null",
      "alter domain app.positive set default 1",
      "alter domain app.positive set not null; alter domain app.positive drop default",
    ],
  },
  {
    name: "a comment on a domain's check",
    up: "comment on constraint above on domain app.positive is 'x'",
    downs: ["comment on constraint above on domain app.positive is null", "select 1"],
  },
  {
    name: "a domain is renamed",
    up: "alter domain app.email rename to address",
    downs: ["alter domain app.address rename to email", "select 1"],
  },
  {
    name: "an attribute of a composite type",
    up: "alter type app.pair add attribute c int",
    downs: [
      "alter type app.pair drop attribute c",
      "alter type app.pair drop attribute b",
      "alter type app.pair rename attribute c to d",
    ],
  },
  {
    name: "an attribute goes",
    up: "alter type app.pair drop attribute a",
    downs: [
      "alter type app.pair add attribute a int",
      "alter type app.pair add attribute a bigint",
      "drop type app.pair; create type app.pair as (a int, b text)",
    ],
  },
  {
    name: "a comment on an attribute",
    up: "comment on column app.pair.a is 'x'",
    downs: ["comment on column app.pair.a is null", "select 1"],
  },
  {
    name: "a range comes",
    up: "create type app.span as range (subtype = float8)",
    downs: ["drop type app.span", "select 1"],
  },
  {
    name: "a range changes what it spans",
    up: "create type app.span as range (subtype = float8); drop type app.span; create type app.span as range (subtype = int4)",
    downs: ["drop type app.span"],
  },
  {
    name: "a schema comes",
    up: "create schema extra; create table extra.far (a int); comment on schema extra is 'x'",
    downs: [
      "drop schema extra cascade",
      "drop schema extra",
      "drop table extra.far; drop schema extra",
      "drop table extra.far",
    ],
  },
  {
    name: "a schema is renamed",
    up: "alter schema attic rename to extra",
    downs: ["alter schema extra rename to attic", "alter schema extra rename to loft"].slice(0, 1),
  },
  {
    name: "a schema goes",
    up: "drop schema attic cascade",
    downs: [
      "create schema attic; create table attic.trunk (a int primary key, b text default 'b')",
      "create schema attic",
      "create schema attic; alter default privileges in schema attic grant select on tables to rollback_reader; create table attic.trunk (a int primary key, b text default 'b'); revoke select on attic.trunk from rollback_reader; insert into attic.trunk values (1, 'one'), (2, null)",
    ],
  },
  {
    name: "a collation of one's own",
    up: `create collation app.german (locale = 'C')`,
    downs: ["drop collation app.german", "select 1"],
  },
  {
    name: "an operator and a cast",
    up: "create operator app.+++ (leftarg = int, rightarg = int, function = int4pl); create cast (app.pair as text) with inout",
    downs: [
      "drop operator app.+++ (int, int); drop cast (app.pair as text)",
      "drop operator app.+++ (int, int)",
      "drop cast (app.pair as text)",
    ],
  },
  {
    name: "a text search configuration",
    up: "create text search configuration app.plain (copy = pg_catalog.simple)",
    downs: ["drop text search configuration app.plain", "select 1"],
  },
  {
    name: "a foreign server",
    up: "create foreign data wrapper nothing; create server far foreign data wrapper nothing options (host 'x'); create foreign table app.elsewhere (a int) server far options (name 'y')",
    downs: [
      "drop foreign table app.elsewhere; drop server far; drop foreign data wrapper nothing",
      "drop foreign data wrapper nothing cascade",
    ],
  },
];
