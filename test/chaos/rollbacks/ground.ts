/** Roles that exist around every pair; they are of the server, not of a database. */
export const ROLES = ["rollback_reader", "rollback_writer"];

/** What every pair starts on: a shop over most of the catalog, with rows in each table. */
export const GROUND = `
create schema app;
create schema attic;
create type app.mood as enum ('sad', 'ok', 'happy');
create type app.pair as (a int, b text);
create domain app.email as text check (value like '%@%');
create domain app.positive as int not null default 1 constraint above check (value > 0);
create sequence app.tickets start 100 increment 10;
create function app.touch() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.plus(a int) returns int language sql immutable as 'select a + 1';
create procedure app.work(a int) language sql as 'select 1';
create aggregate app.total(int) (sfunc = int4pl, stype = int, initcond = '0');
create table app.customers (
  id int generated always as identity primary key,
  name varchar(40) not null,
  mail app.email,
  mood app.mood not null default 'ok',
  age int default 18,
  lowered text generated always as (lower(name::text)) stored,
  joined timestamptz not null default '2026-01-01 00:00:00+00',
  constraint grown check (age >= 0)
);
create unique index customers_mail on app.customers (mail) where mail is not null;
create index customers_name on app.customers (lower(name::text)) include (age);
comment on table app.customers is 'who buys';
comment on column app.customers.mail is 'where they read';
create table app.orders (
  id bigint primary key default nextval('app.tickets'),
  customer int not null constraint orders_customer references app.customers (id) on delete cascade,
  total numeric(8, 2) not null default 0,
  state text default 'open',
  notes jsonb,
  constraint orders_state check (state in ('open', 'sent', 'done'))
);
create index orders_by_customer on app.orders (customer, state desc);
create table app.tags (name text primary key, weight smallint default 1, colour text);
create unlogged table app.visits (at timestamp, path text) with (fillfactor = 70);
create table app.events (at date not null, what text, id int not null) partition by range (at);
create table app.events_old partition of app.events for values from ('2020-01-01') to ('2026-01-01');
create table app.events_new partition of app.events for values from ('2026-01-01') to ('2030-01-01');
create index events_what on app.events (what);
alter table app.events add constraint events_key primary key (id, at);
create table app.animals (name text, legs int check (legs >= 0));
create table app.birds (wings int) inherits (app.animals);
create view app.grown_ups as select id, name, mood from app.customers where age > 17;
create view app.happy as select name from app.grown_ups where mood = 'happy';
create materialized view app.sums as select customer, sum(total) as total from app.orders group by customer;
create index sums_customer on app.sums (customer);
create trigger touch before update on app.customers for each row execute function app.touch();
create trigger late after insert on app.orders for each row when (new.total > 10) execute function app.touch();
create rule quiet as on delete to app.tags do instead nothing;
alter table app.orders enable row level security;
create policy own on app.orders for select to rollback_reader using (state <> 'done');
create policy firm on app.orders as restrictive to public using (total >= 0) with check (total > 0);
create statistics app.customers_stats (dependencies) on name, age from app.customers;
grant usage on schema app to rollback_reader;
grant select on app.customers to rollback_reader;
grant select (id, state), update (state) on app.orders to rollback_writer;
grant insert on app.tags to rollback_writer with grant option;
alter default privileges in schema attic grant select on tables to rollback_reader;
create table attic.trunk (a int primary key, b text default 'b');
insert into app.customers (name, mail, mood, age) values
  ('Ada', 'ada@example.org', 'happy', 36), ('Bo', null, 'sad', null), ('Cy', 'cy@example.org', 'ok', 7);
insert into app.orders (customer, total, state, notes) values (1, 20.50, 'open', '{"gift": true}'), (1, 3, 'done', null), (3, 7.25, 'sent', '[]');
insert into app.tags (name, weight, colour) values ('new', 1, 'red'), ('old', 2, null);
insert into app.visits values ('2026-02-03 04:05:06', '/'), ('2026-02-03 04:05:07', '/shop');
insert into app.events values ('2025-05-05', 'opened', 1), ('2026-06-06', 'sold', 2);
insert into app.animals values ('cat', 4);
insert into app.birds values ('owl', 2, 2);
insert into attic.trunk values (1, 'one'), (2, null);
refresh materialized view app.sums;
`;

/** Takes away what is there of a ground and whatever a pair has left in it. */
export const CLEARED = `
drop schema if exists app, attic, extra cascade;
drop publication if exists changes;
drop event trigger if exists watching;
`;
