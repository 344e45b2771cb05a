import { byHand, column, type HostileCase } from "../case.ts";

const BETWEEN = [column("one"), byHand, column("two")];
const NOTHING = /^(Nothing was run on the target|What is on the target was not changed by looking at it)/;
const KEPT = /Before it, "one.sql", "Look" were carried out\.$/;

/** At the door of the target: the login, its rights, whether it is there at all. */
export const doors: readonly HostileCase[] = [
  {
    name: "wrong-password",
    trouble: "the password in the variable is not the one of the login",
    before: async (site) => {
      site.secrets.push("not-the-password");
      site.address = site.as(site.role, "not-the-password");
    },
    over: async (site) => {
      site.address = site.as(site.role, site.password);
    },
    end: {
      state: "failed",
      code: "TARGET_LOGIN_REFUSED",
      says: /does not accept the login: password authentication failed/,
      hint: /user and password in the variable/,
      left: NOTHING,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "password-changed-between-steps",
    trouble: "the password of the login is changed while the deployment waits for a person",
    artifacts: BETWEEN,
    waiting: async (site) => {
      site.secrets.push("the-new-one");
      await site.operator(`ALTER ROLE ${site.role} PASSWORD 'the-new-one'`);
    },
    over: async (site) => {
      await site.operator(`ALTER ROLE ${site.role} PASSWORD '${site.password}'`);
    },
    end: {
      state: "failed",
      code: "TARGET_LOGIN_REFUSED",
      says: /does not accept the login/,
      left: KEPT,
      there: ["one"],
      standing: "failed",
    },
  },
  {
    name: "login-taken-away",
    trouble: "the login may not log in any more",
    before: (site) => site.operator(`ALTER ROLE ${site.role} NOLOGIN`),
    over: (site) => site.operator(`ALTER ROLE ${site.role} LOGIN`),
    end: {
      state: "failed",
      code: "TARGET_LOGIN_REFUSED",
      says: /not permitted to log in/,
      left: NOTHING,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "renamed-database",
    trouble: "the database has another name now",
    before: (site) => site.operator(`ALTER DATABASE ${site.name} RENAME TO ${site.name}_old`),
    over: (site) => site.operator(`ALTER DATABASE ${site.name}_old RENAME TO ${site.name}`),
    end: {
      state: "failed",
      code: "TARGET_UNREACHABLE",
      says: /does not exist/,
      hint: /database's name is right/,
      left: NOTHING,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "renamed-between-steps",
    trouble: "the database gets another name while the deployment waits for a person",
    artifacts: BETWEEN,
    waiting: (site) => site.operator(`ALTER DATABASE ${site.name} RENAME TO ${site.name}_old`),
    over: (site) => site.operator(`ALTER DATABASE ${site.name}_old RENAME TO ${site.name}`),
    end: { state: "failed", code: "TARGET_UNREACHABLE", left: KEPT, there: ["one"], standing: "failed" },
  },
  {
    name: "accepts-no-connections",
    trouble: "the database does not accept connections",
    before: (site) => site.operator(`ALTER DATABASE ${site.name} ALLOW_CONNECTIONS false`),
    over: (site) => site.operator(`ALTER DATABASE ${site.name} ALLOW_CONNECTIONS true`),
    end: {
      state: "failed",
      code: "TARGET_UNREACHABLE",
      says: /not currently accepting connections/,
      hint: /ALLOW_CONNECTIONS/,
      left: NOTHING,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "too-many-connections",
    trouble: "there is no connection left for the login",
    before: (site) => site.operator(`ALTER ROLE ${site.role} CONNECTION LIMIT 0`),
    over: (site) => site.operator(`ALTER ROLE ${site.role} CONNECTION LIMIT -1`),
    end: {
      state: "failed",
      code: "TARGET_UNREACHABLE",
      says: /too many connections/,
      hint: /no connection free/,
      left: NOTHING,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "one-connection",
    trouble: "the login has one connection and no second one",
    before: (site) => site.operator(`ALTER ROLE ${site.role} CONNECTION LIMIT 1`),
    over: (site) => site.operator(`ALTER ROLE ${site.role} CONNECTION LIMIT -1`),
    end: { state: "succeeded", left: /^Everything/, there: ["one"], standing: "deployed" },
  },
  {
    name: "login-trigger",
    trouble: "an event trigger lets nobody in",
    before: (site) =>
      site.operatorHere(`CREATE FUNCTION nobody() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
          IF session_user <> 'postgres' THEN RAISE EXCEPTION 'closed for the night'; END IF; END $$;
        CREATE EVENT TRIGGER nobody ON login EXECUTE FUNCTION nobody()`),
    over: (site) => site.operatorHere("DROP EVENT TRIGGER nobody; DROP FUNCTION nobody()"),
    end: {
      state: "failed",
      code: "TARGET_UNREACHABLE",
      says: /closed for the night/,
      left: NOTHING,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "read-only",
    trouble: "the database opens transactions read-only",
    before: (site) => site.operator(`ALTER DATABASE ${site.name} SET default_transaction_read_only = on`),
    over: (site) => site.operator(`ALTER DATABASE ${site.name} RESET default_transaction_read_only`),
    end: {
      state: "failed",
      code: "TARGET_READ_ONLY",
      says: /opens its transactions read-only/,
      hint: /default_transaction_read_only/,
      left: NOTHING,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "read-only-between-steps",
    trouble: "the database becomes read-only while the deployment waits for a person",
    artifacts: BETWEEN,
    waiting: (site) => site.operator(`ALTER DATABASE ${site.name} SET default_transaction_read_only = on`),
    over: (site) => site.operator(`ALTER DATABASE ${site.name} RESET default_transaction_read_only`),
    end: { state: "failed", code: "TARGET_READ_ONLY", left: KEPT, there: ["one"], standing: "failed" },
  },
  {
    name: "no-right-to-make-the-ledger",
    trouble: "the login may not create a schema",
    before: (site) => site.operator(`ALTER DATABASE ${site.name} OWNER TO postgres`),
    over: (site) => site.operator(`ALTER DATABASE ${site.name} OWNER TO ${site.role}`),
    end: {
      state: "failed",
      code: "LEDGER_NOT_WRITABLE",
      says: /permission denied for database/,
      hint: /GRANT CREATE ON DATABASE/,
      left: /^Nothing of this migration is on the target/,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "ledger-of-somebody-else",
    trouble: "the ledger belongs to another login, and this one may only read it",
    known: true,
    before: (site) =>
      site.operatorHere(`ALTER TABLE change_mgmt_ledger.applied OWNER TO postgres;
        GRANT SELECT ON change_mgmt_ledger.applied TO ${site.role}`),
    over: (site) => site.operatorHere(`ALTER TABLE change_mgmt_ledger.applied OWNER TO ${site.role}`),
    end: {
      state: "failed",
      code: "MIGRATION_FAILED",
      says: /^Recording the migration failed: permission denied for table applied/,
      hint: /lacks a right/,
      left: /^Nothing of this migration is on the target/,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "not-the-owner",
    trouble: "the table belongs to another login",
    before: (site) => site.operatorHere("ALTER TABLE users OWNER TO postgres"),
    over: (site) => site.operatorHere(`ALTER TABLE users OWNER TO ${site.role}`),
    end: {
      state: "failed",
      code: "MIGRATION_FAILED",
      says: /must be owner of table users \(SQLSTATE 42501\)/,
      hint: /lacks a right/,
      left: /^Nothing of this migration is on the target/,
      there: [],
      standing: "not-deployed",
    },
  },
];
