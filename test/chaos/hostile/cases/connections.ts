import { ASLEEP, column, type HostileCase, SLOWLY } from "../case.ts";

const UNTOUCHED = /^Nothing of this migration is on the target/;
const WHOLE = { state: "succeeded", left: /^Everything is on the target/, standing: "deployed" } as const;
const slow = [column("one", SLOWLY)];
/** Commits as slowly as the table trouble says, with the transaction still undecided. */
const SLOW_COMMIT = `CREATE TABLE last (n int);
  CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(seconds) FROM trouble; RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON last DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()`;

export const connections: readonly HostileCase[] = [
  {
    name: "killed-once",
    trouble: "somebody ends our session in the middle of a statement, once",
    artifacts: slow,
    before: (site) => site.owner("INSERT INTO trouble VALUES (600)"),
    during: async (site, _cancel, signal) => {
      const pid = await site.caught(ASLEEP, signal);
      await site.owner("DELETE FROM trouble");
      if (pid !== undefined) await site.kill(pid);
    },
    end: { ...WHOLE, there: ["one"] },
  },
  {
    name: "killed-each-time",
    trouble: "somebody ends our session in the middle of a statement, whenever it is tried",
    artifacts: slow,
    before: (site) => site.owner("INSERT INTO trouble VALUES (600)"),
    during: (site, _cancel, signal) => site.killEach(ASLEEP, signal),
    over: (site) => site.owner("DELETE FROM trouble"),
    end: {
      state: "failed",
      code: "TARGET_CONNECTION_LOST",
      says: /broke during statement 1 of 2 in "one.sql" \(line 1\)/,
      hint: /run the deployment again/,
      left: UNTOUCHED,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "killed-in-commit",
    trouble: "somebody ends our session during COMMIT, before it is decided, whenever it is tried",
    artifacts: [column("one", "INSERT INTO last VALUES (1);\n")],
    before: (site) => site.owner(`${SLOW_COMMIT}; INSERT INTO trouble VALUES (600)`),
    during: (site, _cancel, signal) => site.killEach(`${ASLEEP} AND query ILIKE 'commit%'`, signal),
    over: (site) => site.owner("DELETE FROM trouble"),
    end: {
      state: "failed",
      code: "TARGET_CONNECTION_LOST",
      says: /during COMMIT/,
      left: UNTOUCHED,
      there: [],
      standing: "not-deployed",
    },
  },
  {
    name: "killed-after-commit",
    trouble: "our session is ended when COMMIT is done and nobody has told us yet",
    known: true,
    artifacts: [column("one")],
    before: async (site) => {
      await site.operator("ALTER SYSTEM SET synchronous_commit = local");
      await site.operator("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
      await site.operator(`ALTER DATABASE ${site.name} SET synchronous_commit = on`);
      await site.operator("SELECT pg_reload_conf()");
    },
    during: async (site, _cancel, signal) => {
      const pid = await site.caught("wait_event = 'SyncRep'", signal);
      await site.operator(`ALTER DATABASE ${site.name} RESET synchronous_commit`);
      if (pid !== undefined) await site.kill(pid);
    },
    over: async (site) => {
      await site.operator("ALTER SYSTEM RESET synchronous_standby_names");
      await site.operator("ALTER SYSTEM RESET synchronous_commit");
      await site.operator("SELECT pg_reload_conf()");
    },
    end: { ...WHOLE, there: ["one"] },
  },
  {
    name: "dropped-before-commit",
    trouble: "the connection breaks before the server has seen COMMIT",
    artifacts: slow,
    before: async (site) => {
      await site.byProxy();
      await site.owner("INSERT INTO trouble VALUES (0.5)");
    },
    during: async (site, _cancel, signal) => {
      if ((await site.caught(ASLEEP, signal)) !== undefined) site.proxy!.breakAt("commit", "before");
    },
    end: { ...WHOLE, there: ["one"] },
  },
  {
    name: "dropped-after-commit",
    trouble: "the connection breaks when the server has done COMMIT, before we hear of it",
    artifacts: slow,
    before: async (site) => {
      await site.byProxy();
      await site.owner("INSERT INTO trouble VALUES (0.5)");
    },
    during: async (site, _cancel, signal) => {
      if ((await site.caught(ASLEEP, signal)) !== undefined) site.proxy!.breakAt("commit", "after");
    },
    end: { ...WHOLE, there: ["one"] },
  },
  {
    name: "dropped-in-mid-statement",
    trouble: "the connection breaks in the middle of a statement that would run on for long without us",
    limits: { lockTimeoutMs: 3000 },
    artifacts: slow,
    before: async (site) => {
      await site.byProxy();
      await site.owner("INSERT INTO trouble VALUES (600)");
    },
    during: async (site, _cancel, signal) => {
      if ((await site.caught(ASLEEP, signal)) === undefined) return;
      await site.owner("DELETE FROM trouble");
      site.proxy!.cut();
    },
    end: { ...WHOLE, there: ["one"] },
  },
  {
    name: "swallowed",
    trouble: "nothing comes through any more and nobody is told, and a person stops the deployment",
    artifacts: slow,
    before: async (site) => {
      await site.byProxy();
      await site.owner("INSERT INTO trouble VALUES (3)");
    },
    during: async (site, cancel, signal) => {
      if ((await site.caught(ASLEEP, signal)) === undefined) return;
      site.proxy!.swallow(true);
      await cancel();
    },
    over: async (site) => {
      site.proxy!.cut();
      site.proxy!.swallow(false);
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
    name: "server-restarted",
    trouble: "the server goes down at once in the middle of a statement, and comes back",
    artifacts: slow,
    before: (site) => site.owner("INSERT INTO trouble VALUES (600)"),
    during: async (site, _cancel, signal) => {
      await site.caught(ASLEEP, signal);
      await site.owner("DELETE FROM trouble");
      await site.server.halt("immediate");
      await site.server.resume();
    },
    end: { ...WHOLE, there: ["one"] },
  },
  {
    name: "server-gone",
    trouble: "the server goes down at once in the middle of a statement, and stays away",
    artifacts: slow,
    before: (site) => site.owner("INSERT INTO trouble VALUES (600)"),
    during: async (site, _cancel, signal) => {
      await site.caught(ASLEEP, signal);
      await site.server.halt("immediate");
    },
    over: async (site) => {
      await site.server.resume();
      await site.owner("DELETE FROM trouble");
    },
    end: {
      state: "failed",
      code: "TARGET_UNREACHABLE",
      says: /ECONNREFUSED/,
      hint: /Nothing listens at that port/,
      left: UNTOUCHED,
      there: [],
      standing: "not-deployed",
    },
  },
];
