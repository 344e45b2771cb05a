import type { Written } from "../written.ts";

/** Tables, columns, defaults, identity, constraints. */
export const TABLES: readonly Written[] = [
  {
    name: "a table comes",
    up: "create table app.notes (id int primary key, text text)",
    downs: ["drop table app.notes", "select 1", "drop table app.note", "alter table app.notes rename to app_notes"],
  },
  {
    name: "a table comes with an index, a comment and a permission",
    up: "create table app.notes (id serial primary key, text text); create index on app.notes (text); comment on table app.notes is 'n'; grant select on app.notes to rollback_reader",
    downs: ["drop table app.notes", "drop index app.notes_text_idx"],
  },
  {
    name: "a table goes",
    up: "drop table attic.trunk",
    downs: [
      "create table attic.trunk (a int primary key, b text default 'b')",
      "create table attic.trunk (a int primary key, b text default 'b'); insert into attic.trunk values (1, 'one'), (2, null)",
      "create table attic.trunk (a int primary key, b text)",
      "create table attic.trunk (b text default 'b', a int primary key)",
      "create table attic.trunk (a int, b text default 'b')",
      "create table attic.trunk (a int primary key, b text default 'b'); revoke select on attic.trunk from rollback_reader",
    ],
  },
  {
    name: "a table is renamed",
    up: "alter table app.tags rename to labels",
    downs: ["alter table app.labels rename to tags", "alter table app.tags rename to labels", "select 1"],
  },
  {
    name: "a table moves to another schema",
    up: "alter table app.tags set schema attic",
    downs: ["alter table attic.tags set schema app", "alter table attic.tags set schema public"],
  },
  {
    name: "a table is copied, put in place and taken back",
    up: "create table app.tags_new (name text primary key, weight smallint default 1, colour text, more int); insert into app.tags_new select * from app.tags; drop table app.tags; alter table app.tags_new rename to tags",
    downs: [
      "alter table app.tags drop more; alter index app.tags_new_pkey rename to tags_pkey; create rule quiet as on delete to app.tags do instead nothing; grant insert on app.tags to rollback_writer with grant option",
      "alter table app.tags drop more",
      "alter table app.tags drop more; alter index app.tags_new_pkey rename to tags_pkey; create rule quiet as on delete to app.tags do instead nothing; grant insert on app.tags to rollback_writer",
    ],
  },
  {
    name: "options of a table",
    up: "alter table app.visits set (fillfactor = 50, autovacuum_enabled = false)",
    downs: [
      "alter table app.visits set (fillfactor = 70); alter table app.visits reset (autovacuum_enabled)",
      "alter table app.visits reset (fillfactor, autovacuum_enabled)",
      "alter table app.visits set (fillfactor = 70)",
    ],
  },
  {
    name: "an unlogged table becomes logged",
    up: "alter table app.visits set logged",
    downs: ["alter table app.visits set unlogged", "select 1"],
  },
  {
    name: "a replica identity",
    up: "alter table app.tags replica identity full",
    downs: ["alter table app.tags replica identity default", "alter table app.tags replica identity nothing"],
  },
  {
    name: "a table is clustered by an index",
    up: "alter table app.orders cluster on orders_by_customer",
    downs: ["alter table app.orders set without cluster", "select 1"],
  },
  {
    name: "a column comes",
    up: "alter table app.tags add note text",
    downs: [
      "alter table app.tags drop note",
      "alter table app.tags drop colour",
      "alter table app.tags drop column if exists notes",
      "alter table app.tags drop note, drop weight",
    ],
  },
  {
    name: "a column comes with a default for rows that are there",
    up: "alter table app.customers add score int not null default 7",
    downs: ["alter table app.customers drop score", "alter table app.customers alter score drop default"],
  },
  {
    name: "a column goes at the end",
    up: "alter table app.tags drop colour",
    downs: [
      "alter table app.tags add colour text",
      "alter table app.tags add colour text default 'red'",
      "alter table app.tags add colour varchar(10)",
      "alter table app.tags add color text",
      "alter table app.tags add colour text; update app.tags set colour = 'red' where name = 'new'",
    ],
  },
  {
    name: "a column goes from the middle",
    up: "alter table app.tags drop weight",
    downs: [
      "alter table app.tags add weight smallint default 1",
      "alter table app.tags add weight smallint default 1; update app.tags set weight = 2 where name = 'old'",
      "alter table app.tags add weight int default 1",
      "alter table app.tags add weight smallint not null default 1",
    ],
  },
  {
    name: "a column that may not be null goes",
    up: "alter table app.orders drop total cascade",
    downs: [
      "alter table app.orders add total numeric(8,2) not null default 0",
      "alter table app.orders add total numeric(8,2) not null",
      `alter table app.orders add total numeric(8,2) not null default 0; create policy firm on app.orders as restrictive to public using (total >= 0) with check (total > 0);
       create trigger late after insert on app.orders for each row when (new.total > 10) execute function app.touch();
       create materialized view app.sums as select customer, sum(total) as total from app.orders group by customer; create index sums_customer on app.sums (customer)`,
    ],
  },
  {
    name: "a column is renamed",
    up: "alter table app.tags rename colour to hue",
    downs: ["alter table app.tags rename hue to colour", "alter table app.tags rename colour to hue", "select 1"],
  },
  {
    name: "two columns change their names with each other",
    up: "alter table app.animals rename name to x; alter table app.animals add name int; alter table app.animals rename x to label",
    downs: [
      "alter table app.animals drop name; alter table app.animals rename label to name",
      "alter table app.animals rename label to name",
    ],
  },
  {
    name: "a type is widened",
    up: "alter table app.customers alter age type bigint",
    downs: ["select 1"],
  },
  {
    name: "a number is widened",
    up: "alter table app.tags alter weight type int",
    downs: [
      "alter table app.tags alter weight type smallint",
      "select 1",
      "alter table app.tags alter weight type bigint",
      "alter table app.tags alter weight type smallint using 1",
    ],
  },
  {
    name: "a text is cut to a length",
    up: "alter table app.tags alter name type varchar(3)",
    downs: ["alter table app.tags alter name type text", "alter table app.tags alter name type varchar"],
  },
  {
    name: "a number loses its places",
    up: "alter table attic.trunk add price numeric(6,2); update attic.trunk set price = 1.25; alter table attic.trunk alter price type int",
    downs: ["alter table attic.trunk drop price", "alter table attic.trunk alter price type numeric(6,2)"],
  },
  {
    name: "a type is changed by an expression and back",
    up: "alter table app.visits alter at type text using at::text",
    downs: [
      "alter table app.visits alter at type timestamp using at::timestamp",
      "alter table app.visits alter at type timestamptz using at::timestamptz",
      "alter table app.visits alter at type timestamp(0) using at::timestamp",
      "alter table app.visits alter at type timestamp",
    ],
  },
  {
    name: "a collation",
    up: `alter table app.tags alter colour type text collate "C"`,
    downs: [
      `alter table app.tags alter colour type text`,
      `alter table app.tags alter colour type text collate "POSIX"`,
    ],
  },
  {
    name: "a default comes",
    up: "alter table app.tags alter colour set default 'blue'",
    downs: [
      "alter table app.tags alter colour drop default",
      "alter table app.tags alter colour set default ''",
      "select 1",
    ],
  },
  {
    name: "a default changes",
    up: "alter table app.customers alter age set default 21",
    downs: [
      "alter table app.customers alter age set default 18",
      "alter table app.customers alter age drop default",
      "alter table app.customers alter age set default 19",
    ],
  },
  {
    name: "a default goes",
    up: "alter table app.orders alter state drop default",
    downs: [
      "alter table app.orders alter state set default 'open'",
      "alter table app.orders alter state set default null",
    ],
  },
  {
    name: "a column may not be null any more",
    up: "update app.tags set colour = 'none' where colour is null; alter table app.tags alter colour set not null",
    downs: [
      "alter table app.tags alter colour drop not null; update app.tags set colour = null where colour = 'none'",
      "alter table app.tags alter colour drop not null",
      "update app.tags set colour = null where colour = 'none'",
      "select 1",
    ],
  },
  {
    name: "a column may be null",
    up: "alter table app.customers alter name drop not null",
    downs: ["alter table app.customers alter name set not null", "select 1"],
  },
  {
    name: "storage, compression, statistics and options of a column",
    up: "alter table app.tags alter colour set storage external; alter table app.tags alter colour set compression pglz; alter table app.tags alter colour set statistics 50; alter table app.tags alter colour set (n_distinct = 5)",
    downs: [
      "alter table app.tags alter colour set storage extended; alter table app.tags alter colour set compression default; alter table app.tags alter colour set statistics -1; alter table app.tags alter colour reset (n_distinct)",
      "alter table app.tags alter colour set storage extended; alter table app.tags alter colour set compression default; alter table app.tags alter colour set statistics -1",
      "alter table app.tags alter colour set storage extended; alter table app.tags alter colour set compression default; alter table app.tags alter colour reset (n_distinct)",
      "alter table app.tags alter colour set storage extended; alter table app.tags alter colour set statistics -1; alter table app.tags alter colour reset (n_distinct)",
      "alter table app.tags alter colour set compression default; alter table app.tags alter colour set statistics -1; alter table app.tags alter colour reset (n_distinct)",
    ],
  },
  {
    name: "a column becomes an identity",
    up: "alter table attic.trunk alter a add generated always as identity (start 3)",
    downs: [
      "alter table attic.trunk alter a drop identity",
      "alter table attic.trunk alter a set generated by default",
      "select 1",
    ],
  },
  {
    name: "an identity changes",
    up: "alter table app.customers alter id set generated by default set increment 2",
    downs: [
      "alter table app.customers alter id set generated always set increment 1",
      "alter table app.customers alter id set generated always",
      "alter table app.customers alter id set increment 1",
    ],
  },
  {
    name: "an identity goes",
    up: "alter table app.customers alter id drop identity",
    downs: [
      "alter table app.customers alter id add generated always as identity",
      "alter table app.customers alter id add generated by default as identity",
      "create sequence app.customers_id_seq owned by app.customers.id; alter table app.customers alter id set default nextval('app.customers_id_seq')",
    ],
  },
  {
    name: "a generated column becomes an ordinary one",
    up: "alter table app.customers alter lowered drop expression",
    downs: [
      "drop view if exists app.none; alter table app.customers drop lowered; alter table app.customers add lowered text generated always as (lower(name::text)) stored",
      "select 1",
      "alter table app.customers alter lowered set default lower('X')",
    ],
  },
  {
    name: "a generated column comes",
    up: "alter table app.orders add gross numeric generated always as (total * 1.19) stored",
    downs: ["alter table app.orders drop gross", "alter table app.orders alter gross drop expression"],
  },
  {
    name: "a primary key goes",
    up: "alter table app.tags drop constraint tags_pkey",
    downs: [
      "alter table app.tags add primary key (name)",
      "alter table app.tags add constraint tags_key primary key (name)",
      "alter table app.tags add unique (name)",
      "create unique index tags_pkey on app.tags (name)",
    ],
  },
  {
    name: "a primary key comes of an index",
    up: "alter table app.visits add id int generated by default as identity; create unique index visits_id on app.visits (id); alter table app.visits add constraint visits_pkey primary key using index visits_id",
    downs: ["alter table app.visits drop id", "alter table app.visits drop constraint visits_pkey"],
  },
  {
    name: "a unique constraint comes",
    up: "alter table app.tags add constraint tags_colour unique (colour)",
    downs: ["alter table app.tags drop constraint tags_colour", "drop index app.tags_colour", "select 1"],
  },
  {
    name: "a unique constraint that takes nulls for equal",
    up: "alter table app.tags add constraint tags_weight unique nulls not distinct (weight, name) deferrable initially deferred",
    downs: [
      "alter table app.tags drop constraint tags_weight",
      "alter table app.tags drop constraint tags_weight, add constraint tags_weight unique (weight)",
    ],
  },
  {
    name: "a check comes",
    up: "alter table app.tags add constraint heavy check (weight > 0) not valid",
    downs: [
      "alter table app.tags drop constraint heavy",
      "alter table app.tags validate constraint heavy",
      "alter table app.tags drop constraint light",
    ],
  },
  {
    name: "a check goes",
    up: "alter table app.customers drop constraint grown",
    downs: [
      "alter table app.customers add constraint grown check (age >= 0)",
      "alter table app.customers add constraint grown check (age >= 0) not valid",
      "alter table app.customers add check (age >= 0)",
      "alter table app.customers add constraint grown check (age > 0)",
      "alter table app.customers add constraint grown check (age > 10)",
    ],
  },
  {
    name: "a check is changed",
    up: "alter table app.orders drop constraint orders_state; alter table app.orders add constraint orders_state check (state in ('open', 'sent', 'done', 'lost'))",
    downs: [
      "alter table app.orders drop constraint orders_state; alter table app.orders add constraint orders_state check (state in ('open', 'sent', 'done'))",
      "alter table app.orders drop constraint orders_state",
      "alter table app.orders drop constraint orders_state; alter table app.orders add constraint orders_state check (state in ('sent', 'open', 'done'))",
    ],
  },
  {
    name: "a check is renamed",
    up: "alter table app.customers rename constraint grown to of_age",
    downs: ["alter table app.customers rename constraint of_age to grown", "select 1"],
  },
  {
    name: "a foreign key goes",
    up: "alter table app.orders drop constraint orders_customer",
    downs: [
      "alter table app.orders add constraint orders_customer foreign key (customer) references app.customers (id) on delete cascade",
      "alter table app.orders add constraint orders_customer foreign key (customer) references app.customers (id)",
      "alter table app.orders add constraint orders_customer foreign key (customer) references app.customers (id) on delete cascade not valid",
      "alter table app.orders add constraint orders_customer foreign key (customer) references app.customers (id) on delete cascade deferrable",
      "alter table app.orders add foreign key (customer) references app.customers (id) on delete cascade",
    ],
  },
  {
    name: "a foreign key becomes deferrable",
    up: "alter table app.orders alter constraint orders_customer deferrable initially deferred",
    downs: [
      "alter table app.orders alter constraint orders_customer not deferrable",
      "alter table app.orders alter constraint orders_customer deferrable",
    ],
  },
  {
    name: "a foreign key comes",
    up: "alter table app.tags add customer int references app.customers (id) on update cascade",
    downs: ["alter table app.tags drop customer", "alter table app.tags drop constraint tags_customer_fkey"],
  },
  {
    name: "an exclusion",
    up: "alter table app.tags add constraint one_colour exclude (colour with =) where (weight > 5)",
    downs: ["alter table app.tags drop constraint one_colour", "select 1"],
  },
  {
    name: "a key is used as replica identity",
    up: "alter table app.tags replica identity using index tags_pkey",
    downs: ["alter table app.tags replica identity default", "select 1"],
  },
  {
    name: "columns in another order by a copy",
    up: "create table app.copied as select * from app.tags; drop table app.tags; alter table app.copied rename to tags",
    downs: [
      "alter table app.tags add primary key (name), alter weight set default 1; create rule quiet as on delete to app.tags do instead nothing; grant insert on app.tags to rollback_writer with grant option",
      "alter table app.tags add primary key (name)",
      "create table app.copied (colour text, weight smallint default 1, name text primary key); insert into app.copied select colour, weight, name from app.tags; drop table app.tags; alter table app.copied rename to tags; alter index app.copied_pkey rename to tags_pkey; create rule quiet as on delete to app.tags do instead nothing; grant insert on app.tags to rollback_writer with grant option",
    ],
  },
  {
    name: "the owner of a table",
    up: "alter table app.tags owner to rollback_writer",
    downs: ["alter table app.tags owner to current_user", "select 1"],
  },
];
