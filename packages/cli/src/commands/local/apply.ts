import { userInfo } from "node:os";
import { resolve } from "node:path";
import type { LocatedHistory } from "@change-mgmt/analysis/check/locate.ts";
import type { Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { Address } from "@change-mgmt/server/assets/databases/reference.ts";
import { answer, defineCommand } from "../../command.ts";
import type { Context } from "../../context.ts";
import { cannotRun, refused, Stop, usage } from "../../stop.ts";

const VARIABLE = "TARGET_DATABASE_URL";
const LOCK_MS = 3_000;
const RETRIES = 5;

interface Input {
  readonly path: string;
  readonly to: string | null;
  readonly dryRun: boolean;
  readonly outOfOrder: boolean;
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly retries: number;
}

export const command = defineCommand<Input>({
  about: `Applies what the database has not: each file once, in the order of its tool, with its ledger entry in the same transaction. For databases that no environment claims, local ones and those of tests.
The ledger of the migration tool itself is read and written along (docs/apply.md says of which), so that the tool agrees before and after. A history that disagrees with the files is refused before anything is run.
A file that may not run in a transaction goes statement by statement and is taken up where it stopped; an index that a broken build left INVALID is dropped and built again.
Exit code 1 when a migration fails or is refused; what was applied before it stays.`,
  arguments: [{ name: "path", about: "folder of the migrations; the working folder when left out", optional: true }],
  options: [
    {
      flags: "--to <address>",
      about: `postgres://user:password@host:5432/database, or the name of an environment variable that holds it (${VARIABLE} unless said)`,
    },
    { flags: "--dry-run", about: "only say what is pending; run and write nothing" },
    { flags: "--out-of-order", about: "also apply migrations that come before one that is applied" },
    { flags: "--lock-timeout <ms>", about: `how long a statement waits for a lock (${LOCK_MS} unless said)` },
    { flags: "--statement-timeout <ms>", about: "how long a statement may run (no limit unless said)" },
    { flags: "--retries <count>", about: `further tries for a lock that was not given (${RETRIES} unless said)` },
  ],
  examples: [
    "change-mgmt apply --to=TEST_DATABASE_URL",
    "change-mgmt apply db/migrations --to=postgres://localhost/app --dry-run",
    "change-mgmt apply --json",
  ],
  offline: true,
  document: async () => (await import("@change-mgmt/api/apply.ts")).ApplyDocument,
  parse: (given) => ({
    path: given.optionalWord("path") ?? "",
    to: given.text("to") ?? null,
    dryRun: given.flag("dryRun"),
    outOfOrder: given.flag("outOfOrder"),
    lockTimeoutMs: given.whole("lockTimeout", 1, 600_000) ?? LOCK_MS,
    statementTimeoutMs: given.whole("statementTimeout", 0, 2_000_000_000) ?? 0,
    retries: given.whole("retries", 0, 100) ?? RETRIES,
  }),
  async run(context, input) {
    const [address, located, { applyHistory }] = await Promise.all([
      addressOf(context, input.to),
      findHistory(context, input.path),
      import("@change-mgmt/server/artifacts/migration/apply/apply-history.ts"),
    ]);
    const { dryRun, outOfOrder, lockTimeoutMs, statementTimeoutMs, retries } = input;
    const report = orStop(
      await applyHistory({
        located,
        address,
        limits: { lockTimeoutMs, statementTimeoutMs, retries },
        dryRun,
        outOfOrder,
        requestedBy: userInfo().username,
        signal: context.interrupted(),
        say: async (line) => context.say(line),
      }),
    );
    const { failed } = report;
    return answer(
      {
        dryRun,
        database: address.shown,
        folder: located.tree.absolute(located.history.folder),
        ...report,
        applied: [...report.applied],
        pending: [...report.pending],
        failed: failed && { ...failed, refusal: { ...failed.refusal } },
      },
      async (clean, page) => (await import("../../apply/page.ts")).applyLines(clean, page),
      report.failed ? 1 : 0,
    );
  },
});

/** The address from the option or the variable; it is never repeated, since it may hold a password. */
async function addressOf({ env }: Context, to: string | null): Promise<Address> {
  const { readAddress } = await import("@change-mgmt/server/assets/databases/reference.ts");
  const named = to === null ? VARIABLE : /^[A-Za-z_][A-Za-z0-9_]*$/.test(to) ? to : null;
  const text = named === null ? to : env[named];
  if (!text) {
    throw usage(
      `No database is named: the variable ${named} is not set.`,
      `Set ${named} to postgres://user:password@host:5432/database, or give --to.`,
    );
  }
  const address = readAddress(text.trim());
  if (address) return address;
  throw usage(
    `${named === null ? "--to" : named} does not hold a Postgres address.`,
    "Write postgres://user:password@host:5432/database, with special characters of the password percent-encoded (@ as %40, / as %2F, % as %25).",
  );
}

async function findHistory(context: Context, path: string): Promise<LocatedHistory> {
  const { locate } = await import("@change-mgmt/analysis/check/locate.ts");
  const found = await locate(resolve(context.cwd), path === "" ? [] : [path]);
  if (!found.ok && found.refusal.code === "PATH_NOT_FOUND") {
    const { code, message, hint } = found.refusal;
    throw new Stop(2, { code, detail: message, hint });
  }
  const histories = orStop(found).filter(({ history }) => history.entries.length > 0);
  const [only] = histories;
  if (only && histories.length === 1) return { ...only, files: null };
  const folders = histories.map(({ history }) => `${history.folder || "."} (${history.tool})`);
  throw usage(
    only ? `There are several histories of migrations here: ${folders.join(", ")}.` : "There is no migration here.",
    "Name the folder of the one to apply.",
  );
}

/** What could not be done at all has exit code 3; what a rule refuses, 1. */
const NOT_DONE: ReadonlySet<string> = new Set([
  "TARGET_UNREACHABLE",
  "TARGET_LOGIN_REFUSED",
  "TARGET_CONNECTION_LOST",
  "MIGRATION_UNREADABLE",
  "MIGRATIONS_NOT_FOUND",
]);

function orStop<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { code, message, hint, place } = outcome.refusal;
  throw NOT_DONE.has(code) ? cannotRun(code, message, hint, place ? { place } : {}) : refused(outcome.refusal);
}
