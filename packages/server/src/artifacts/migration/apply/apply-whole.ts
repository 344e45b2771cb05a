import { isConnectionLoss, sqlStateOf } from "../../../assets/databases/connection-loss.ts";
import type { TargetSession } from "../../../assets/databases/target.ts";
import type { StepContext } from "../../artifact.ts";
import { LEDGER_LOCK, ledgerEntry } from "../ledger.ts";
import type { MigrationWork } from "../migration-work.ts";
import { forgetSettings } from "../transaction.ts";

/** Statements that leave the settings of the session as they are, since they call no function of anybody's. */
const QUIET: ReadonlySet<string> = new Set(["CreateStmt", "CommentStmt", "CreateEnumStmt", "DropStmt"]);

/** Whole files that are sent as one message each, on one session. */
export class WholeFiles {
  readonly #session: TargetSession;
  readonly #limits: readonly string[];
  /** The limits are in force until the settings of the session are discarded. */
  #limited = false;

  constructor(session: TargetSession, limits: readonly string[]) {
    this.#session = session;
    this.#limits = limits;
  }

  /** To be said after other work on the session, which discards its settings: the next file brings the limits again. */
  settingsDiscarded(): void {
    this.#limited = false;
  }

  /**
   * Runs a whole file with its ledger entries in one transaction that is sent as one message, since asking statement by statement would
   * take longer than running most of them. False when it was not committed for certain: nothing tells then which statement it
   * was, and the way that goes statement by statement, which asks the ledger first, has to find out.
   */
  async apply(work: MigrationWork, context: StepContext, entries: readonly string[]): Promise<boolean> {
    const text = [
      "begin isolation level read committed",
      ...(this.#limited ? [] : this.#limits),
      `select pg_catalog.pg_advisory_xact_lock(${LEDGER_LOCK})`,
      // Before the migration, which may change role and search path; who has applied the file meanwhile makes it fail here.
      ledgerEntry(work, context),
      ...entries,
      ...work.statements.map((statement) => statement.text),
      "commit",
    ].join("\n;\n");
    const interrupt = () => void this.#session.interrupt();
    context.signal.addEventListener("abort", interrupt);
    try {
      await this.#session.query(text);
    } catch (error) {
      if (sqlStateOf(error) === undefined) throw error;
      this.#limited = false;
      if (this.#session.usable) await undo(this.#session);
      return false;
    } finally {
      context.signal.removeEventListener("abort", interrupt);
    }
    this.#limited = work.statements.every(({ node }) => Object.keys(node).every((kind) => QUIET.has(kind)));
    if (!this.#limited) await forgetSettings(this.#session);
    return true;
  }
}

async function undo(session: TargetSession): Promise<void> {
  try {
    await session.query("rollback");
  } catch (error) {
    // The server rolls back by itself, and the next look opens the connection again.
    if (!isConnectionLoss(error)) throw error;
    return;
  }
  await forgetSettings(session);
}
