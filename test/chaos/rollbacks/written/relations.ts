import type { Written } from "../written.ts";

/** Indexes, views, materialized views, sequences, partitions, inheritance, statistics. */
export const RELATIONS: readonly Written[] = [
  {
    name: "an index comes",
    up: "create index tags_colour on app.tags (colour)",
    downs: ["drop index app.tags_colour", "drop index if exists app.tag_colour", "drop index app.tag_colour"],
  },
  {
    name: "an index goes",
    up: "drop index app.orders_by_customer",
    downs: [
      "create index orders_by_customer on app.orders (customer, state desc)",
      "create index orders_by_customer on app.orders (customer, state)",
      "create unique index orders_by_customer on app.orders (customer, state desc)",
      "create index orders_by_customers on app.orders (customer, state desc)",
      "create index orders_by_customer on app.orders using brin (customer)",
      "create index orders_by_customer on app.orders (customer, state desc nulls last)",
      "create index orders_by_customer on app.orders (customer, state desc) where total > 0",
      "create index orders_by_customer on app.orders (customer, state desc) with (fillfactor = 60)",
    ],
  },
  {
    name: "a unique index becomes another",
    up: "drop index app.customers_mail; create unique index customers_mail on app.customers (mail)",
    downs: [
      "drop index app.customers_mail; create unique index customers_mail on app.customers (mail) where mail is not null",
      "drop index app.customers_mail; create index customers_mail on app.customers (mail) where mail is not null",
      "select 1",
    ],
  },
  {
    name: "an index is renamed",
    up: "alter index app.customers_name rename to customers_by_name",
    downs: ["alter index app.customers_by_name rename to customers_name", "select 1"],
  },
  {
    name: "statistics of an index's expression",
    up: "alter index app.customers_name alter column 1 set statistics 500",
    downs: ["alter index app.customers_name alter column 1 set statistics -1", "select 1"],
  },
  {
    name: "a comment on an index and on a constraint",
    up: "comment on index app.customers_name is 'x'; comment on constraint grown on app.customers is 'y'; comment on index app.customers_pkey is 'z'",
    downs: [
      "comment on index app.customers_name is null; comment on constraint grown on app.customers is null; comment on index app.customers_pkey is null",
      "comment on constraint grown on app.customers is null; comment on index app.customers_pkey is null",
      "comment on index app.customers_name is null; comment on index app.customers_pkey is null",
      "comment on index app.customers_name is null; comment on constraint grown on app.customers is null",
    ],
  },
  {
    name: "a view comes",
    up: "create view app.cheap with (security_barrier) as select * from app.orders where total < 5",
    downs: ["drop view app.cheap", "alter view app.cheap reset (security_barrier)", "drop table app.cheap"],
  },
  {
    name: "a view gets a column more",
    up: "create or replace view app.happy as select name, 1 as one from app.grown_ups where mood = 'happy'",
    downs: [
      "drop view app.happy; create view app.happy as select name from app.grown_ups where mood = 'happy'",
      "create or replace view app.happy as select name from app.grown_ups where mood = 'happy'",
      "drop view app.happy",
    ],
  },
  {
    name: "a view changes its condition",
    up: "create or replace view app.happy as select name from app.grown_ups where mood <> 'sad'",
    downs: [
      "create or replace view app.happy as select name from app.grown_ups where mood = 'happy'",
      "create or replace view app.happy as select name from app.grown_ups where mood = 'ok'",
      "create or replace view app.happy as select grown_ups.name from app.grown_ups where grown_ups.mood = 'happy'",
      "create or replace view app.happy as select g.name from app.grown_ups g where g.mood = 'happy'",
    ],
  },
  {
    name: "a view goes with what hangs on it",
    up: "drop view app.grown_ups cascade",
    downs: [
      "create view app.grown_ups as select id, name, mood from app.customers where age > 17; create view app.happy as select name from app.grown_ups where mood = 'happy'",
      "create view app.grown_ups as select id, name, mood from app.customers where age > 17",
      "create view app.happy as select name from app.grown_ups where mood = 'happy'; create view app.grown_ups as select id, name, mood from app.customers where age > 17",
      "create view app.grown_ups as select id, mood, name from app.customers where age > 17; create view app.happy as select name from app.grown_ups where mood = 'happy'",
    ],
  },
  {
    name: "options and a default of a view",
    up: "alter view app.grown_ups set (security_barrier = true); alter view app.grown_ups alter mood set default 'ok'",
    downs: [
      "alter view app.grown_ups reset (security_barrier); alter view app.grown_ups alter mood drop default",
      "alter view app.grown_ups reset (security_barrier)",
      "alter view app.grown_ups alter mood drop default",
    ],
  },
  {
    name: "a column of a view is renamed",
    up: "alter view app.happy rename column name to called",
    downs: ["alter view app.happy rename column called to name", "select 1"],
  },
  {
    name: "a materialized view goes",
    up: "drop materialized view app.sums",
    downs: [
      "create materialized view app.sums as select customer, sum(total) as total from app.orders group by customer; create index sums_customer on app.sums (customer)",
      "create materialized view app.sums as select customer, sum(total) as total from app.orders group by customer",
      "create view app.sums as select customer, sum(total) as total from app.orders group by customer",
      "create materialized view app.sums as select customer, sum(total) as total from app.orders group by customer with no data; create index sums_customer on app.sums (customer)",
      "create materialized view app.sums as select customer, max(total) as total from app.orders group by customer; create index sums_customer on app.sums (customer)",
    ],
  },
  {
    name: "options and storage of a materialized view",
    up: "alter materialized view app.sums set (fillfactor = 60); alter materialized view app.sums cluster on sums_customer; alter materialized view app.sums alter total set statistics 77",
    downs: [
      "alter materialized view app.sums reset (fillfactor); alter materialized view app.sums set without cluster; alter materialized view app.sums alter total set statistics -1",
      "alter materialized view app.sums reset (fillfactor); alter materialized view app.sums set without cluster",
      "alter materialized view app.sums reset (fillfactor); alter materialized view app.sums alter total set statistics -1",
    ],
  },
  {
    name: "a sequence comes",
    up: "create sequence app.counter",
    downs: ["drop sequence app.counter", "select 1"],
  },
  {
    name: "a sequence changes",
    up: "alter sequence app.tickets increment 5 maxvalue 5000 cycle cache 10",
    downs: [
      "alter sequence app.tickets increment 10 no maxvalue no cycle cache 1",
      "alter sequence app.tickets increment 10 no maxvalue no cycle",
      "alter sequence app.tickets increment 10 no cycle cache 1",
      "alter sequence app.tickets increment 1 no maxvalue no cycle cache 1",
    ],
  },
  {
    name: "a sequence comes to belong to a column",
    up: "alter sequence app.tickets owned by app.orders.id",
    downs: ["alter sequence app.tickets owned by none", "select 1"],
  },
  {
    name: "a sequence of a smaller type",
    up: "create sequence app.small as smallint; alter sequence app.tickets start 7",
    downs: [
      "drop sequence app.small; alter sequence app.tickets start 100",
      "drop sequence app.small",
      "drop sequence app.small; alter sequence app.tickets restart 100",
    ],
  },
  {
    name: "a partition comes",
    up: "create table app.events_later partition of app.events for values from ('2030-01-01') to ('2040-01-01')",
    downs: [
      "drop table app.events_later",
      "alter table app.events detach partition app.events_later",
      "alter table app.events detach partition app.events_new",
    ],
  },
  {
    name: "a partition is detached",
    up: "alter table app.events detach partition app.events_old",
    downs: [
      "alter table app.events attach partition app.events_old for values from ('2020-01-01') to ('2026-01-01')",
      "alter table app.events attach partition app.events_old for values from ('2019-01-01') to ('2026-01-01')",
      "alter table app.events attach partition app.events_old for values from ('2020-01-01') to ('2025-01-01')",
      "drop table app.events_old",
      "select 1",
    ],
  },
  {
    name: "a partition goes",
    up: "drop table app.events_old",
    downs: [
      "create table app.events_old partition of app.events for values from ('2020-01-01') to ('2026-01-01')",
      "create table app.events_old (at date not null, what text, id int not null)",
      "create table app.events_old (id int not null, at date not null, what text); alter table app.events attach partition app.events_old for values from ('2020-01-01') to ('2026-01-01')",
    ],
  },
  {
    name: "a partition for the rest, with a check and an index of its own",
    up: "create table app.events_rest partition of app.events default; alter table app.events_old add constraint early check (id > 0); create index events_old_id on app.events_old (id)",
    downs: [
      "drop table app.events_rest; alter table app.events_old drop constraint early; drop index app.events_old_id",
      "drop table app.events_rest; alter table app.events_old drop constraint early",
      "drop table app.events_rest; drop index app.events_old_id",
    ],
  },
  {
    name: "an index of a partitioned table",
    up: "create index events_id on app.events (id)",
    downs: ["drop index app.events_id", "select 1"],
  },
  {
    name: "an index of a partitioned table goes",
    up: "drop index app.events_what",
    downs: [
      "create index events_what on app.events (what)",
      "create index events_what on only app.events (what)",
      "create index events_old_what_idx on app.events_old (what); create index events_new_what_idx on app.events_new (what)",
      "create index events_what on only app.events (what); create index events_old_what_idx on app.events_old (what); alter index app.events_what attach partition app.events_old_what_idx; create index events_new_what_idx on app.events_new (what); alter index app.events_what attach partition app.events_new_what_idx",
      "create index events_what on only app.events (what); create index events_old_x on app.events_old (what); alter index app.events_what attach partition app.events_old_x; create index events_new_what_idx on app.events_new (what); alter index app.events_what attach partition app.events_new_what_idx",
    ],
  },
  {
    name: "a column of a partitioned table",
    up: "alter table app.events add more int default 5",
    downs: [
      "alter table app.events drop more",
      "alter table app.events alter more drop default",
      "alter table only app.events alter more drop default",
    ],
  },
  {
    name: "a default of one partition alone",
    up: "alter table app.events_old alter what set default 'x'",
    downs: [
      "alter table app.events_old alter what drop default",
      "alter table only app.events alter what drop default",
    ],
  },
  {
    name: "a child table",
    up: "create table app.fish (fins int) inherits (app.animals)",
    downs: ["drop table app.fish", "alter table app.fish no inherit app.animals"],
  },
  {
    name: "a child no longer inherits",
    up: "alter table app.birds no inherit app.animals",
    downs: ["alter table app.birds inherit app.animals", "select 1"],
  },
  {
    name: "a column of a parent",
    up: "alter table app.animals add colour text",
    downs: ["alter table app.animals drop colour", "alter table only app.animals drop colour"],
  },
  {
    name: "extended statistics",
    up: "drop statistics app.customers_stats",
    downs: [
      "create statistics app.customers_stats (dependencies) on name, age from app.customers",
      "create statistics app.customers_stats on name, age from app.customers",
      "create statistics app.customers_stats (dependencies) on name, mood from app.customers",
    ],
  },
  {
    name: "how much extended statistics gather",
    up: "alter statistics app.customers_stats set statistics 1000",
    downs: ["alter statistics app.customers_stats set statistics -1", "select 1"],
  },
  {
    name: "a publication",
    up: "create publication changes for table app.tags (name), app.orders where (total > 0) with (publish = 'insert')",
    downs: ["drop publication changes", "alter publication changes drop table app.orders"],
  },
];
