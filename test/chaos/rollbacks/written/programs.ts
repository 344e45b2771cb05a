import type { Written } from "../written.ts";

/** Functions, procedures, aggregates, triggers, rules, policies. */
export const PROGRAMS: readonly Written[] = [
  {
    name: "a function comes",
    up: "create function app.minus(a int) returns int language sql as 'select a - 1'",
    downs: [
      "drop function app.minus(int)",
      "drop function app.minus(bigint)",
      "drop function if exists app.minus(bigint)",
    ],
  },
  {
    name: "a function changes",
    up: "create or replace function app.plus(a int) returns int language sql immutable as 'select a + 2'",
    downs: [
      "create or replace function app.plus(a int) returns int language sql immutable as 'select a + 1'",
      "create or replace function app.plus(a int) returns int language sql immutable as 'select a + 1 '",
      "create or replace function app.plus(a int) returns int language sql as 'select a + 1'",
      "create or replace function app.plus(a int) returns int language sql immutable strict as 'select a + 1'",
      "create or replace function app.plus(a int) returns int language sql immutable security definer as 'select a + 1'",
      "create or replace function app.plus(a int) returns int language sql immutable set search_path = app as 'select a + 1'",
      "create or replace function app.plus(a int) returns int language sql immutable cost 5 parallel safe as 'select a + 1'",
      "drop function app.plus(int); create function app.plus(b int) returns int language sql immutable as 'select b + 1'",
    ],
  },
  {
    name: "a function is overloaded",
    up: "create function app.plus(a text) returns text language sql as 'select a'",
    downs: ["drop function app.plus(text)", "drop function app.plus"],
  },
  {
    name: "a function goes",
    up: "drop function app.plus(int)",
    downs: [
      "create function app.plus(a int) returns int language sql immutable as 'select a + 1'",
      "create function app.plus(a int default 1) returns int language sql immutable as 'select a + 1'",
      "create function app.plus(a int) returns bigint language sql immutable as 'select a + 1::bigint'",
    ],
  },
  {
    name: "a setting and a comment of a function",
    up: "alter function app.plus(int) set work_mem = '8MB'; comment on function app.plus(int) is 'x'; alter function app.plus(int) leakproof",
    downs: [
      "alter function app.plus(int) reset work_mem; comment on function app.plus(int) is null; alter function app.plus(int) not leakproof",
      "alter function app.plus(int) reset work_mem; alter function app.plus(int) not leakproof",
      "comment on function app.plus(int) is null; alter function app.plus(int) not leakproof",
      "alter function app.plus(int) reset work_mem; comment on function app.plus(int) is null",
    ],
  },
  {
    name: "a procedure",
    up: "create or replace procedure app.work(a int) language plpgsql as 'begin end'",
    downs: ["create or replace procedure app.work(a int) language sql as 'select 1'", "drop procedure app.work(int)"],
  },
  {
    name: "an aggregate",
    up: "drop aggregate app.total(int)",
    downs: [
      "create aggregate app.total(int) (sfunc = int4pl, stype = int, initcond = '0')",
      "create aggregate app.total(int) (sfunc = int4pl, stype = int, initcond = '1')",
      "create aggregate app.total(int) (sfunc = int4pl, stype = int)",
    ],
  },
  {
    name: "a function whose body is parsed",
    up: "create function app.newest() returns text language sql begin atomic select name::text from app.customers limit 1; end",
    downs: ["drop function app.newest()", "select 1"],
  },
  {
    name: "a trigger comes",
    up: "create trigger more before insert on app.tags for each row execute function app.touch()",
    downs: [
      "drop trigger more on app.tags",
      "alter table app.tags disable trigger more",
      "drop trigger more on app.orders",
    ],
  },
  {
    name: "a trigger goes",
    up: "drop trigger late on app.orders",
    downs: [
      "create trigger late after insert on app.orders for each row when (new.total > 10) execute function app.touch()",
      "create trigger late after insert on app.orders for each row execute function app.touch()",
      "create trigger late after insert or update on app.orders for each row when (new.total > 10) execute function app.touch()",
      "create constraint trigger late after insert on app.orders for each row when (new.total > 10) execute function app.touch()",
      "create trigger late after insert on app.orders for each statement execute function app.touch()",
    ],
  },
  {
    name: "a trigger is disabled",
    up: "alter table app.customers disable trigger touch",
    downs: [
      "alter table app.customers enable trigger touch",
      "alter table app.customers enable always trigger touch",
      "alter table app.customers enable replica trigger touch",
      "select 1",
    ],
  },
  {
    name: "all triggers are disabled",
    up: "alter table app.orders disable trigger all",
    downs: ["alter table app.orders enable trigger all", "alter table app.orders enable trigger user"],
  },
  {
    name: "a trigger and what it calls",
    up: "create function app.log() returns trigger language plpgsql as $$ begin return null; end $$; create trigger logged after delete on app.tags referencing old table as gone for each statement execute function app.log()",
    downs: [
      "drop trigger logged on app.tags; drop function app.log()",
      "drop function app.log() cascade",
      "drop function app.log()",
    ],
  },
  {
    name: "a trigger of a partitioned table",
    up: "create trigger parts after insert on app.events for each row execute function app.touch()",
    downs: ["drop trigger parts on app.events", "alter table app.events_old disable trigger parts", "select 1"],
  },
  {
    name: "a comment on a trigger, a rule and a policy",
    up: "comment on trigger touch on app.customers is 'a'; comment on rule quiet on app.tags is 'b'; comment on policy own on app.orders is 'c'",
    downs: [
      "comment on trigger touch on app.customers is null; comment on rule quiet on app.tags is null; comment on policy own on app.orders is null",
      "comment on rule quiet on app.tags is null; comment on policy own on app.orders is null",
      "comment on trigger touch on app.customers is null; comment on policy own on app.orders is null",
      "comment on trigger touch on app.customers is null; comment on rule quiet on app.tags is null",
    ],
  },
  {
    name: "a rule goes",
    up: "drop rule quiet on app.tags",
    downs: [
      "create rule quiet as on delete to app.tags do instead nothing",
      "create rule quiet as on delete to app.tags do also nothing",
      "create rule quiet as on delete to app.tags where old.weight > 1 do instead nothing",
    ],
  },
  {
    name: "a rule is disabled",
    up: "alter table app.tags disable rule quiet",
    downs: ["alter table app.tags enable rule quiet", "alter table app.tags enable always rule quiet"],
  },
  {
    name: "row security",
    up: "alter table app.tags enable row level security; alter table app.tags force row level security; create policy all_of_it on app.tags using (true)",
    downs: [
      "drop policy all_of_it on app.tags; alter table app.tags no force row level security; alter table app.tags disable row level security",
      "drop policy all_of_it on app.tags; alter table app.tags disable row level security",
      "drop policy all_of_it on app.tags; alter table app.tags no force row level security",
      "alter table app.tags no force row level security; alter table app.tags disable row level security",
    ],
  },
  {
    name: "a policy goes",
    up: "drop policy own on app.orders",
    downs: [
      "create policy own on app.orders for select to rollback_reader using (state <> 'done')",
      "create policy own on app.orders for select using (state <> 'done')",
      "create policy own on app.orders to rollback_reader using (state <> 'done')",
      "create policy own on app.orders as restrictive for select to rollback_reader using (state <> 'done')",
      "create policy own on app.orders for select to rollback_reader using (state = 'open')",
      "create policy owned on app.orders for select to rollback_reader using (state <> 'done')",
    ],
  },
  {
    name: "a policy changes",
    up: "alter policy firm on app.orders to rollback_writer using (total >= 1) with check (total > 1)",
    downs: [
      "alter policy firm on app.orders to public using (total >= 0) with check (total > 0)",
      "alter policy firm on app.orders to public using (total >= 0)",
      "alter policy firm on app.orders using (total >= 0) with check (total > 0)",
    ],
  },
  {
    name: "an event trigger",
    up: "create function app.watch() returns event_trigger language plpgsql as 'begin end'; create event trigger watching on sql_drop when tag in ('DROP TABLE') execute function app.watch()",
    downs: [
      "drop event trigger watching; drop function app.watch()",
      "drop event trigger watching",
      "alter event trigger watching disable",
    ],
  },
];
