import type { Written } from "../written.ts";

/** Permissions, default privileges, owners, comments. */
export const PERMISSIONS: readonly Written[] = [
  {
    name: "a permission on a table",
    up: "grant select, insert on app.tags to rollback_reader",
    downs: [
      "revoke select, insert on app.tags from rollback_reader",
      "revoke insert on app.tags from rollback_reader",
      "revoke all on app.tags from public",
    ],
  },
  {
    name: "a permission is taken",
    up: "revoke select on app.customers from rollback_reader",
    downs: [
      "grant select on app.customers to rollback_reader",
      "grant all on app.customers to rollback_reader",
      "grant select on app.customers to rollback_writer",
      "grant select on app.customers to rollback_reader with grant option",
    ],
  },
  {
    name: "the option to grant",
    up: "revoke grant option for insert on app.tags from rollback_writer",
    downs: [
      "grant insert on app.tags to rollback_writer with grant option",
      "grant insert on app.tags to rollback_writer",
    ],
  },
  {
    name: "a permission on columns",
    up: "revoke update (state) on app.orders from rollback_writer",
    downs: [
      "grant update (state) on app.orders to rollback_writer",
      "grant update on app.orders to rollback_writer",
      "grant update (notes) on app.orders to rollback_writer",
    ],
  },
  {
    name: "a permission on a schema",
    up: "grant create on schema app to rollback_reader; grant usage on schema attic to public",
    downs: [
      "revoke create on schema app from rollback_reader; revoke usage on schema attic from public",
      "revoke create on schema app from rollback_reader",
      "revoke all on schema app from rollback_reader; revoke usage on schema attic from public",
    ],
  },
  {
    name: "everybody may not run a function any more",
    up: "revoke execute on function app.plus(int) from public",
    downs: [
      "grant execute on function app.plus(int) to public",
      "grant execute on function app.plus(int) to rollback_reader",
      "select 1",
    ],
  },
  {
    name: "permissions on a sequence and a view",
    up: "grant usage on sequence app.tickets to rollback_writer; grant select on app.happy to rollback_reader; grant select on app.sums to public",
    downs: [
      "revoke usage on sequence app.tickets from rollback_writer; revoke select on app.happy from rollback_reader; revoke select on app.sums from public",
      "revoke usage on sequence app.tickets from rollback_writer; revoke select on app.happy from rollback_reader",
      "revoke select on app.happy from rollback_reader; revoke select on app.sums from public",
    ],
  },
  {
    name: "permission on a type",
    up: "revoke usage on type app.mood from public; grant usage on type app.email to rollback_reader",
    downs: [
      "grant usage on type app.mood to public; revoke usage on type app.email from rollback_reader",
      "grant usage on type app.mood to public",
      "revoke usage on type app.email from rollback_reader",
    ],
  },
  {
    name: "the owner's own permission",
    up: "revoke delete on app.tags from current_user",
    downs: ["grant delete on app.tags to current_user", "select 1"],
  },
  {
    name: "all tables of a schema",
    up: "grant select on all tables in schema app to rollback_writer",
    downs: [
      "revoke select on all tables in schema app from rollback_writer",
      "revoke select on all tables in schema attic from rollback_writer",
      "revoke all on all tables in schema app from rollback_writer",
    ],
  },
  {
    name: "a permission on columns of a view",
    up: "grant select (name) on app.happy to rollback_reader",
    downs: ["revoke select (name) on app.happy from rollback_reader", "select 1"],
  },
  {
    name: "default privileges",
    up: "alter default privileges in schema app grant insert on tables to rollback_writer",
    downs: [
      "alter default privileges in schema app revoke insert on tables from rollback_writer",
      "alter default privileges in schema app revoke insert on tables from rollback_reader",
    ],
  },
  {
    name: "default privileges go",
    up: "alter default privileges in schema attic revoke select on tables from rollback_reader",
    downs: [
      "alter default privileges in schema attic grant select on tables to rollback_reader",
      "alter default privileges in schema attic grant select on tables to public",
      "select 1",
    ],
  },
  {
    name: "default privileges everywhere",
    up: "alter default privileges revoke execute on functions from public",
    downs: ["alter default privileges grant execute on functions to public", "select 1"].slice(0, 1),
  },
  {
    name: "a comment on a table",
    up: "comment on table app.customers is 'who bought'",
    downs: [
      "comment on table app.customers is 'who buys'",
      "comment on table app.customers is null",
      "comment on table app.customers is 'Who buys'",
    ],
  },
  {
    name: "a comment on a column",
    up: "comment on column app.customers.mail is null; comment on column app.customers.age is 'years'",
    downs: [
      "comment on column app.customers.mail is 'where they read'; comment on column app.customers.age is null",
      "comment on column app.customers.mail is 'where they read'",
      "comment on column app.customers.age is null",
    ],
  },
  {
    name: "comments on views, types and sequences",
    up: "comment on view app.happy is 'a'; comment on type app.mood is 'b'; comment on sequence app.tickets is 'c'; comment on column app.grown_ups.mood is 'd'; comment on materialized view app.sums is 'e'; comment on domain app.email is 'f'",
    downs: [
      "comment on view app.happy is null; comment on type app.mood is null; comment on sequence app.tickets is null; comment on column app.grown_ups.mood is null; comment on materialized view app.sums is null; comment on domain app.email is null",
      "comment on view app.happy is null; comment on type app.mood is null; comment on sequence app.tickets is null; comment on materialized view app.sums is null; comment on domain app.email is null",
      "comment on view app.happy is null; comment on type app.mood is null; comment on column app.grown_ups.mood is null; comment on materialized view app.sums is null; comment on domain app.email is null",
      "comment on view app.happy is null; comment on type app.mood is null; comment on sequence app.tickets is null; comment on column app.grown_ups.mood is null; comment on materialized view app.sums is null",
    ],
  },
  {
    name: "comments on a publication, a statistic and an aggregate",
    up: "create publication changes; comment on statistics app.customers_stats is 'x'; comment on aggregate app.total(int) is 'y'; comment on column app.sums.total is 'z'; comment on procedure app.work(int) is 'p'",
    downs: [
      "drop publication changes; comment on statistics app.customers_stats is null; comment on aggregate app.total(int) is null; comment on column app.sums.total is null; comment on procedure app.work(int) is null",
      "drop publication changes; comment on statistics app.customers_stats is null; comment on aggregate app.total(int) is null; comment on procedure app.work(int) is null",
    ],
  },
  {
    name: "owners",
    up: "alter function app.plus(int) owner to rollback_writer; alter view app.happy owner to rollback_writer",
    downs: [
      "alter function app.plus(int) owner to current_user; alter view app.happy owner to current_user",
      "alter function app.plus(int) owner to current_user",
      "alter view app.happy owner to current_user",
    ],
  },
  {
    name: "the owner of a type, a sequence and a schema",
    up: "alter type app.mood owner to rollback_writer; alter sequence app.tickets owner to rollback_writer; alter schema attic owner to rollback_writer",
    downs: [
      "alter type app.mood owner to current_user; alter sequence app.tickets owner to current_user; alter schema attic owner to current_user",
      "alter type app.mood owner to current_user; alter sequence app.tickets owner to current_user",
      "alter sequence app.tickets owner to current_user; alter schema attic owner to current_user",
    ],
  },
];
