/** Extensions that a Supabase database has from the start and the embedded engine can offer. */
export const SUPABASE_EXTENSIONS = ["pgcrypto", "uuid-ossp"];

const MENTIONS =
  /\bauth\s*\.\s*(?:users|uid|jwt|role|email|identities|sessions)\b|\bstorage\s*\.\s*(?:objects|buckets|foldername|filename|extension)\b|\b(?:to|from)\s+[^;]*\b(?:anon|authenticated|service_role|supabase_admin|authenticator)\b|\bschema\s+extensions\b|\bextensions\s*\.\s*\w|\bsupabase_realtime\b|\bsupabase_admin\b/i;

/** True when SQL counts on what Supabase prepares: its roles, `auth`, `storage` or `extensions`. */
export function expectsSupabase(sql: string): boolean {
  return MENTIONS.test(sql);
}

/** Roles of a Supabase database with their attributes. */
const ROLES: Readonly<Record<string, string>> = {
  anon: "nologin noinherit",
  authenticated: "nologin noinherit",
  service_role: "nologin noinherit bypassrls",
  supabase_admin: "nologin noinherit superuser",
  supabase_auth_admin: "nologin noinherit",
  supabase_storage_admin: "nologin noinherit",
  authenticator: "noinherit",
  dashboard_user: "nologin",
};

/** Their names. */
export const SUPABASE_ROLES: readonly string[] = Object.keys(ROLES);

/**
 * A minimal stand-in for what Supabase prepares, enough for references, policies and grants to be carried out; with those of its extensions
 * that the engine has. A server may have the roles already.
 */
export function supabaseStubs(hasExtension: (name: string) => boolean): string {
  const roles = Object.entries(ROLES).map(
    ([name, attributes]) =>
      `do $$ begin create role ${name} ${attributes}; exception when duplicate_object then null; end $$;`,
  );
  const extensions = SUPABASE_EXTENSIONS.filter(hasExtension).map(
    (name) => `create extension "${name}" with schema extensions;`,
  );
  return [...roles, SCHEMAS, ...extensions, OBJECTS].join("\n");
}

const SCHEMAS = `
grant anon, authenticated, service_role to authenticator;
create schema auth;
create schema storage;
create schema extensions;
create schema realtime;
`;

const OBJECTS = `
grant usage on schema public, auth, storage, extensions to anon, authenticated, service_role;
create table auth.users (
  instance_id uuid, id uuid primary key, aud varchar(255), role varchar(255), email varchar(255), encrypted_password varchar(255),
  email_confirmed_at timestamptz, invited_at timestamptz, last_sign_in_at timestamptz, raw_app_meta_data jsonb, raw_user_meta_data jsonb,
  is_super_admin boolean, created_at timestamptz, updated_at timestamptz, phone text unique, phone_confirmed_at timestamptz,
  confirmed_at timestamptz, banned_until timestamptz, deleted_at timestamptz, is_sso_user boolean not null default false,
  is_anonymous boolean not null default false
);
create table auth.identities (
  id uuid primary key default gen_random_uuid(), provider_id text not null, user_id uuid not null references auth.users on delete cascade,
  identity_data jsonb not null, provider text not null, created_at timestamptz, updated_at timestamptz
);
create table auth.sessions (id uuid primary key, user_id uuid not null references auth.users on delete cascade, created_at timestamptz, updated_at timestamptz);
create function auth.jwt() returns jsonb language sql stable as
  $$ select coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb $$;
create function auth.uid() returns uuid language sql stable as $$ select (auth.jwt() ->> 'sub')::uuid $$;
create function auth.role() returns text language sql stable as $$ select auth.jwt() ->> 'role' $$;
create function auth.email() returns text language sql stable as $$ select auth.jwt() ->> 'email' $$;
create table storage.buckets (
  id text primary key, name text not null unique, owner uuid, public boolean default false, avif_autodetection boolean default false,
  file_size_limit bigint, allowed_mime_types text[], owner_id text, created_at timestamptz default now(), updated_at timestamptz default now()
);
create table storage.objects (
  id uuid primary key default gen_random_uuid(), bucket_id text references storage.buckets, name text, owner uuid, metadata jsonb,
  path_tokens text[] generated always as (string_to_array(name, '/')) stored, version text, owner_id text, user_metadata jsonb,
  created_at timestamptz default now(), updated_at timestamptz default now(), last_accessed_at timestamptz default now(), unique (bucket_id, name)
);
alter table storage.buckets enable row level security;
alter table storage.objects enable row level security;
create function storage.foldername(name text) returns text[] language sql immutable as
  $$ select (string_to_array(name, '/'))[1 : cardinality(string_to_array(name, '/')) - 1] $$;
create function storage.filename(name text) returns text language sql immutable as
  $$ select (string_to_array(name, '/'))[cardinality(string_to_array(name, '/'))] $$;
create function storage.extension(name text) returns text language sql immutable as
  $$ select reverse(split_part(reverse(storage.filename(name)), '.', 1)) $$;
create publication supabase_realtime;
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
`;

/** The search path that a Supabase database gives its sessions. */
export const SUPABASE_SEARCH_PATH = 'set search_path to "$user", public, extensions';
