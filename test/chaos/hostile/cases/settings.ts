import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { byHand, column, type HostileCase, table } from "../case.ts";
import type { Site } from "../site.ts";

const UNTOUCHED = /^Nothing of this migration is on the target/;
const WHOLE = { state: "succeeded", left: /^Everything is on the target/, standing: "deployed" } as const;
const BIG = 40_000;

/** A disk of 48 MB and a tablespace on it, by the target that has it. */
const disks = new Map<string, string>();

async function onSmallDisk(make: (tablespace?: string) => Promise<Site>): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), "change-mgmt-small-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", folder]);
  const probe = await make();
  const { as } = probe.server;
  chownSync(folder, as.uid!, as.gid!);
  await probe.operator(`CREATE TABLESPACE small_disk LOCATION '${folder}'`);
  await probe.operator(`ALTER DATABASE ${probe.name} SET TABLESPACE small_disk`);
  disks.set(probe.name, folder);
  return probe;
}

async function moreRoom(site: Site): Promise<void> {
  await site.operator(`ALTER DATABASE ${site.name} SET TABLESPACE pg_default`);
  await site.operator("DROP TABLESPACE small_disk");
  const folder = disks.get(site.name)!;
  execFileSync("umount", [folder]);
  rmdirSync(folder);
}

function noMounts(): string | undefined {
  return process.platform === "linux" && process.getuid?.() === 0
    ? undefined
    : "a small disk can be mounted only on Linux, by root";
}

const ofRole = (setting: string): Pick<HostileCase, "before" | "over"> => ({
  before: (site) => site.operator(`ALTER ROLE ${site.role} SET ${setting}`),
  over: (site) => site.operator(`ALTER ROLE ${site.role} RESET ALL`),
});

/** What a role, a database or its triggers bring with them; disks and drift. */
export const settings: readonly HostileCase[] = [
  {
    name: "disk-full",
    trouble: "the disk of the database is full before the migration is done",
    impossible: noMounts,
    make: onSmallDisk,
    artifacts: [table(BIG)],
    over: moreRoom,
    end: {
      state: "failed",
      code: "MIGRATION_FAILED",
      says: /No space left on device.*SQLSTATE 53100/,
      hint: /Check free disk space/,
      left: UNTOUCHED,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "temp-file-limit",
    trouble: "the login may not write temporary files",
    artifacts: [
      column("one", "SELECT count(*) FROM (SELECT n FROM generate_series(1, 300000) n ORDER BY random()) x;\n"),
    ],
    before: (site) => site.operator(`ALTER ROLE ${site.role} SET temp_file_limit = 0`),
    over: (site) => site.operator(`ALTER ROLE ${site.role} RESET ALL`),
    end: {
      state: "failed",
      code: "MIGRATION_FAILED",
      says: /temporary file size exceeds.*SQLSTATE 53400/,
      hint: /out of a resource/,
      left: UNTOUCHED,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "statement-timeout-of-the-role",
    trouble: "the login has a statement timeout that the environment does not know",
    artifacts: [column("one", "SELECT pg_sleep(3);\n")],
    ...ofRole("statement_timeout = '2s'"),
    end: { ...WHOLE, there: ["one"] },
  },
  {
    name: "lock-timeout-of-the-role",
    trouble: "the login gives up on a lock at once, and the environment would wait",
    limits: { lockTimeoutMs: 10_000, retries: 0 },
    before: async (site) => {
      await site.operator(`ALTER ROLE ${site.role} SET lock_timeout = '1ms'`);
      await site.hold("BEGIN; SELECT * FROM users LIMIT 1");
    },
    during: async (site, _cancel, signal) => {
      await site.caught("wait_event_type = 'Lock'", signal);
      await site.letGo();
    },
    over: (site) => site.operator(`ALTER ROLE ${site.role} RESET ALL`),
    end: { ...WHOLE, there: ["one"] },
  },
  {
    name: "transaction-timeout-of-the-role",
    trouble: "the login may have no transaction that is longer than a moment",
    artifacts: [column("one", "SELECT pg_sleep(5);\n")],
    ...ofRole("transaction_timeout = '4s'"),
    end: { ...WHOLE, there: ["one"] },
  },
  {
    name: "idle-timeouts-of-the-role",
    trouble: "the sessions of the login end when they are idle for a moment",
    artifacts: [column("one", "SELECT pg_sleep(5);\n"), column("two")],
    before: async (site) => {
      await site.operator(`ALTER ROLE ${site.role} SET idle_session_timeout = '3s'`);
      await site.operator(`ALTER ROLE ${site.role} SET idle_in_transaction_session_timeout = '3s'`);
    },
    over: (site) => site.operator(`ALTER ROLE ${site.role} RESET ALL`),
    end: { ...WHOLE, there: ["one", "two"] },
  },
  {
    name: "isolation-of-the-database",
    trouble: "the database opens serializable, deferrable transactions",
    before: async (site) => {
      await site.operator(`ALTER DATABASE ${site.name} SET default_transaction_isolation = 'serializable'`);
      await site.operator(`ALTER DATABASE ${site.name} SET default_transaction_deferrable = on`);
    },
    over: (site) => site.operator(`ALTER DATABASE ${site.name} RESET ALL`),
    end: { ...WHOLE, there: ["one"] },
  },
  {
    name: "search-path-of-the-role",
    trouble: "the search path of the login begins with a schema that has functions of the same names as Postgres",
    before: async (site) => {
      await site.owner(`CREATE SCHEMA evil;
        CREATE FUNCTION evil.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS $$ SELECT 'no' $$;
        CREATE FUNCTION evil.pg_advisory_xact_lock(bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE 'shadowed'; END $$;
        CREATE FUNCTION evil.pg_try_advisory_lock(bigint) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'shadowed'; END $$;
        CREATE FUNCTION evil.to_regclass(text) RETURNS regclass LANGUAGE sql AS $$ SELECT NULL::regclass $$;
        CREATE FUNCTION evil.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE 'shadowed'; END $$`);
      await site.operator(`ALTER ROLE ${site.role} SET search_path = evil, pg_catalog, public`);
    },
    over: (site) => site.operator(`ALTER ROLE ${site.role} RESET ALL`),
    end: { ...WHOLE, there: ["one"] },
  },
  {
    name: "search-path-to-nowhere",
    trouble: "the search path of the login leads nowhere, so that names without a schema are not found",
    ...ofRole("search_path = nowhere"),
    end: {
      state: "failed",
      code: "MIGRATION_FAILED",
      says: /relation "users" does not exist/,
      hint: /search path of this login is nowhere/,
      left: UNTOUCHED,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "event-trigger-against-changes",
    trouble: "an event trigger refuses changes of tables",
    before: async (site) => {
      await site.operatorHere(`INSERT INTO trouble VALUES (1); CREATE FUNCTION frozen() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT FROM public.trouble) THEN RAISE EXCEPTION 'frozen until Monday'; END IF; END $$;
        CREATE EVENT TRIGGER frozen ON ddl_command_start WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION frozen()`);
    },
    over: (site) => site.owner("DELETE FROM trouble"),
    end: {
      state: "failed",
      code: "MIGRATION_FAILED",
      says: /frozen until Monday \(SQLSTATE P0001\)/,
      left: UNTOUCHED,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "event-trigger-against-everything",
    trouble: "an event trigger refuses every definition, that of the ledger too",
    before: (site) =>
      site.operatorHere(`INSERT INTO trouble VALUES (1); CREATE FUNCTION frozen() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT FROM public.trouble) THEN RAISE EXCEPTION 'frozen until Monday'; END IF; END $$;
        CREATE EVENT TRIGGER frozen ON ddl_command_start WHEN TAG IN ('ALTER TABLE', 'CREATE TABLE', 'CREATE SCHEMA') EXECUTE FUNCTION frozen()`),
    over: (site) => site.owner("DELETE FROM trouble"),
    end: {
      state: "failed",
      code: "LEDGER_NOT_WRITABLE",
      says: /frozen until Monday/,
      left: UNTOUCHED,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "event-trigger-that-meddles",
    trouble: "an event trigger takes on another role and changes the limits in the middle of the migration",
    before: (site) =>
      site.operatorHere(`INSERT INTO trouble VALUES (1);
        CREATE FUNCTION meddle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
          IF NOT EXISTS (SELECT FROM public.trouble) THEN RETURN; END IF;
          PERFORM set_config('search_path', 'nowhere', false);
          PERFORM set_config('statement_timeout', '5s', false);
          PERFORM set_config('default_transaction_read_only', 'on', false);
          PERFORM set_config('role', 'pg_monitor', false);
        END $$;
        GRANT pg_monitor TO ${site.role};
        CREATE EVENT TRIGGER meddle ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION meddle()`),
    over: (site) => site.owner("DELETE FROM trouble"),
    end: { ...WHOLE, there: ["one"] },
  },
  {
    name: "drift-before",
    trouble: "somebody has changed the schema by hand since the last deployment",
    known: true,
    before: (site) => site.owner("CREATE VIEW sneaked AS SELECT id FROM users"),
    over: (site) => site.owner("DROP VIEW sneaked"),
    end: {
      state: "failed",
      code: "TARGET_DRIFTED",
      says: /sneaked/,
      hint: /known schema/,
      left: /^Nothing was run on the target/,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "drift-while-waiting",
    trouble: "somebody changes the schema by hand while the deployment waits for a person",
    artifacts: [column("one"), byHand, column("two")],
    waiting: (site) => site.owner("CREATE VIEW sneaked AS SELECT id FROM users"),
    over: (site) => site.owner("DROP VIEW sneaked"),
    end: {
      state: "failed",
      code: "TARGET_DRIFTED",
      says: /while the deployment waited for a person: .*sneaked/,
      left: /so is what was changed meanwhile/,
      there: ["one"],
      standing: "failed",
    },
  },
];
