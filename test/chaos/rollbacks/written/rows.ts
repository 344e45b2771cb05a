import type { Written } from "../written.ts";

/** What moves rows. */
export const ROWS: readonly Written[] = [
  {
    name: "rows come",
    up: "insert into app.tags values ('sale', 3, 'green')",
    downs: [
      "alter table app.tags disable rule quiet; delete from app.tags where name = 'sale'; alter table app.tags enable rule quiet",
      "delete from app.tags where name = 'sale'",
      "select 1",
    ],
  },
  {
    name: "rows change",
    up: "update app.orders set state = 'done' where state = 'sent'",
    downs: [
      "update app.orders set state = 'sent' where customer = 3",
      "update app.orders set state = 'sent' where state = 'done'",
      "select 1",
    ],
  },
  {
    name: "rows go",
    up: "delete from app.visits where path = '/shop'",
    downs: [
      "insert into app.visits values ('2026-02-03 04:05:07', '/shop')",
      "insert into app.visits values (now()::timestamp, '/shop')",
      "select 1",
    ],
  },
  {
    name: "a table is emptied",
    up: "truncate app.visits",
    downs: ["insert into app.visits values ('2026-02-03 04:05:06', '/'), ('2026-02-03 04:05:07', '/shop')", "select 1"],
  },
  {
    name: "a row is doubled",
    up: "insert into app.visits select * from app.visits limit 1",
    downs: [
      "delete from app.visits v using (select min(ctid) as keep, at, path from app.visits group by 2, 3 having count(*) > 1) d where v.at = d.at and v.ctid <> d.keep",
      "select 1",
    ],
  },
  {
    name: "a column is split in two",
    up: "alter table app.customers add first text, add last text; update app.customers set first = left(name, 1), last = substr(name, 2)",
    downs: [
      "alter table app.customers drop first, drop last",
      "alter table app.customers drop first",
      "update app.customers set name = last; alter table app.customers drop first, drop last",
    ],
  },
  {
    name: "a column moves to a table of its own",
    up: "create table app.colours (tag text primary key references app.tags, colour text); insert into app.colours select name, colour from app.tags; alter table app.tags drop colour",
    downs: [
      "alter table app.tags add colour text; update app.tags t set colour = c.colour from app.colours c where c.tag = t.name; drop table app.colours",
      "alter table app.tags add colour text; drop table app.colours",
      "alter table app.tags add colour text; update app.tags t set colour = c.colour from app.colours c where c.tag = t.name",
      "drop table app.colours; alter table app.tags add colour text; update app.tags t set colour = c.colour from app.colours c where c.tag = t.name",
    ],
  },
  {
    name: "values are written in another way",
    up: "update app.customers set mail = upper(mail)::app.email",
    downs: ["update app.customers set mail = lower(mail)::app.email", "select 1"],
  },
  {
    name: "a text becomes a number and a text again",
    up: "alter table app.orders add code text default '007'; alter table app.orders alter code drop default, alter code type int using code::int",
    downs: ["alter table app.orders drop code", "alter table app.orders alter code type text"],
  },
  {
    name: "json becomes text",
    up: "alter table app.orders alter notes type text",
    downs: [
      "alter table app.orders alter notes type jsonb using notes::jsonb",
      "alter table app.orders alter notes type json using notes::json",
      "alter table app.orders alter notes type jsonb using null",
    ],
  },
  {
    name: "a row of a partition moves",
    up: "update app.events set at = '2026-05-05' where id = 1",
    downs: ["update app.events set at = '2025-05-05' where id = 1", "select 1"],
  },
  {
    name: "rows are moved to another table",
    up: "create table app.visits_old as select * from app.visits; delete from app.visits",
    downs: [
      "insert into app.visits select * from app.visits_old; drop table app.visits_old",
      "drop table app.visits_old",
      "insert into app.visits select * from app.visits_old limit 1; drop table app.visits_old",
    ],
  },
  {
    name: "a materialized view is emptied",
    up: "refresh materialized view app.sums with no data",
    downs: ["refresh materialized view app.sums", "select 1"].slice(0, 1),
  },
];
