import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import { introspect, type QueryFunction } from "../../introspection/introspect.ts";
import { HOST_SCHEMAS, isHosted } from "../../rehearsal/hosted-project.ts";
import type { LocatedHistory } from "../locate.ts";
import { readSizes, type TableSize } from "./table-sizes.ts";

/** What the ledgers of a database say of a history. */
export interface AppliedThere {
  /** The ledgers in which it was looked, as people call them; none where the database has none of them. */
  readonly ledgers: readonly string[];
  /** Paths of the entries that are applied. */
  readonly applied: ReadonlySet<string>;
  /** What else is to be known of the ledgers, in sentences. */
  readonly notes: readonly string[];
}

/** Reads the ledgers of a database through queries that only read. */
export type LedgerReader = (query: QueryFunction, located: LocatedHistory) => Promise<Outcome<AppliedThere>>;

/** A live database as it was at one moment. */
export interface LiveDatabase {
  /** Where it is, without user and password. */
  readonly shown: string;
  /** Such as `15.18`. */
  readonly postgres: string;
  /** Without the schemas that a host has in it. */
  readonly model: SchemaModel;
  /** Whether it is the project of a host that has services of its own in it. */
  readonly hosted: boolean;
  readonly sizes: Readonly<Record<string, TableSize>>;
  /** What is applied of each history, by its place among those asked about. */
  readonly histories: readonly AppliedThere[];
}

/** Where a live database is, and how its ledgers are read. */
export interface LiveAddress {
  readonly url: string;
  readonly shown: string;
  /** Texts that no message may contain. */
  readonly secrets: readonly string[];
  readonly readLedgers: LedgerReader;
}

const CONNECT_MS = 15_000;
const STATEMENT_MS = 30_000;
const LOCK_MS = 3_000;

/**
 * Reads the schema, the sizes and the ledgers of a live database in one transaction that only reads and waits for nobody for long. Refuses
 * with DATABASE_UNREADABLE, and with what reading a ledger refuses.
 */
export async function readLiveDatabase(
  { url, shown, secrets, readLedgers }: LiveAddress,
  located: readonly LocatedHistory[],
): Promise<Outcome<LiveDatabase>> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({
    connectionString: url,
    application_name: "change-mgmt",
    connectionTimeoutMillis: CONNECT_MS,
  });
  // A connection that breaks also rejects the query under way, which says so.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("begin isolation level repeatable read read only");
    await client.query(`set local statement_timeout = ${STATEMENT_MS}`);
    await client.query(`set local lock_timeout = ${LOCK_MS}`);
    const query: QueryFunction = (text, values) => client.query(text, values);
    const hosted = await isHosted(query);
    const model = await introspect(query, {
      dependencies: true,
      ...(hosted ? { ignoreSchemas: HOST_SCHEMAS } : {}),
    });
    const sizes = await readSizes(query);
    const histories: AppliedThere[] = [];
    for (const one of located) {
      const applied = await readLedgers(query, one);
      if (!applied.ok) return applied;
      histories.push(applied.value);
    }
    await client.query("commit");
    return accept({ shown, postgres: model.serverVersion, model, hosted, sizes, histories });
  } catch (error) {
    const message = secrets.reduce((text, secret) => text.replaceAll(secret, "***"), (error as Error).message);
    return refuse(
      "DATABASE_UNREADABLE",
      `${shown} could not be read: ${message || String((error as { code?: string }).code)}.`,
      "Check the address, and that the login may connect and read the catalog and the ledger of migrations.",
    );
  } finally {
    await client.end();
  }
}
