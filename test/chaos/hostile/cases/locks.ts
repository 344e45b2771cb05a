import { ASLEEP, column, type HostileCase, index, SLOWLY } from "../case.ts";

const UNTOUCHED = /^Nothing of this migration is on the target/;

export const locks: readonly HostileCase[] = [
  {
    name: "locked-table",
    trouble: "somebody has locked the table against everybody",
    known: true,
    before: (site) => site.hold("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE"),
    over: (site) => site.letGo(),
    end: {
      state: "failed",
      code: "TARGET_LOCKED",
      says: /nightly-report/,
      hint: /Wait until those sessions are done/,
      left: UNTOUCHED,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "long-transaction",
    trouble: "a transaction that has read the table stays open",
    before: (site) => site.hold("BEGIN; SELECT * FROM users LIMIT 1"),
    over: (site) => site.letGo(),
    end: {
      state: "failed",
      code: "TARGET_LOCKED",
      says: /^Statement 1 of 1 .*lock timeout.*nightly-report, /,
      hint: /Wait until those sessions are done/,
      left: UNTOUCHED,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "long-transaction-before-an-index",
    trouble: "a transaction that has written stays open while an index is built concurrently",
    artifacts: [index],
    before: (site) => site.hold("BEGIN; INSERT INTO users VALUES (1000, 'new')"),
    over: (site) => site.letGo(),
    end: {
      state: "failed",
      code: "TARGET_LOCKED",
      says: /nightly-report/,
      left: /^Statement 1 of 1 failed and left the INVALID index public.byname, which the next try drops/,
      there: ["byname (INVALID)"],
      standing: "failed",
    },
  },
  {
    name: "deadlock",
    trouble: "somebody holds what the migration wants and wants what it holds",
    limits: { lockTimeoutMs: 20_000 },
    artifacts: [column("one", "INSERT INTO trouble VALUES (0);\nSELECT pg_sleep(0.5);\n")],
    before: (site) => site.hold("BEGIN; SELECT * FROM users LIMIT 1"),
    during: async (site, _cancel, signal) => {
      if ((await site.caught(ASLEEP, signal)) !== undefined)
        await site.holding("SET deadlock_timeout = '10ms'; LOCK TABLE trouble IN ACCESS EXCLUSIVE MODE; COMMIT");
    },
    over: (site) => site.letGo(),
    end: { state: "succeeded", left: /^Everything is on the target/, there: ["one"], standing: "deployed" },
  },
  {
    name: "never-ends",
    trouble: "a migration runs longer than the environment allows",
    limits: { statementTimeoutMs: 400 },
    artifacts: [column("one", SLOWLY)],
    before: (site) => site.owner("INSERT INTO trouble VALUES (600)"),
    over: (site) => site.owner("DELETE FROM trouble"),
    end: {
      state: "failed",
      code: "MIGRATION_FAILED",
      says: /statement timeout \(SQLSTATE 57014\)/,
      hint: /longer than the environment allows/,
      left: UNTOUCHED,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "never-ends-and-is-cancelled",
    trouble: "a migration never ends, and a person stops it in the middle of a statement",
    artifacts: [column("one", SLOWLY)],
    before: (site) => site.owner("INSERT INTO trouble VALUES (600)"),
    during: async (site, cancel, signal) => {
      if ((await site.caught(ASLEEP, signal)) !== undefined) await cancel();
    },
    over: async (site) => {
      await site.untilNobodyIsThere();
      await site.owner("DELETE FROM trouble");
    },
    end: {
      state: "cancelled",
      code: "DEPLOYMENT_CANCELLED",
      says: /olga stopped it: Too long\./,
      left: UNTOUCHED,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "refuses-to-be-cancelled",
    trouble: "a migration catches the wish to end it and goes on for ever",
    artifacts: [
      column(
        "one",
        `DO $$ BEGIN
  WHILE EXISTS (SELECT FROM trouble) LOOP
    BEGIN PERFORM pg_sleep(600); EXCEPTION WHEN query_canceled THEN NULL; END;
  END LOOP;
END $$;
`,
      ),
    ],
    before: (site) => site.owner("INSERT INTO trouble VALUES (600)"),
    during: async (site, cancel, signal) => {
      if ((await site.caught(ASLEEP, signal)) !== undefined) await cancel();
    },
    over: async (site) => {
      await site.untilNobodyIsThere();
      await site.owner("DELETE FROM trouble");
    },
    end: {
      state: "cancelled",
      code: "DEPLOYMENT_CANCELLED",
      left: UNTOUCHED,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "index-is-cancelled",
    trouble: "an index that is built concurrently waits for a transaction that never ends, and a person stops it",
    limits: { lockTimeoutMs: 600_000 },
    artifacts: [index],
    before: (site) => site.hold("BEGIN; INSERT INTO users VALUES (1000, 'new')"),
    during: async (site, cancel, signal) => {
      if ((await site.caught("query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'", signal)) !== undefined)
        await cancel();
    },
    over: (site) => site.letGo(),
    end: {
      state: "cancelled",
      code: "DEPLOYMENT_CANCELLED",
      left: /^Statement 1 of 1 failed and left the INVALID index public.byname, which the next try drops/,
      there: ["byname (INVALID)"],
      standing: "failed",
    },
  },
];
