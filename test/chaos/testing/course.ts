import { type CallOutput, type Client, createClient, ProblemError } from "@change-mgmt/api/client.ts";
import { exportTrail, publicKeysOf, verdictOn } from "../../acceptance/testing/trail.ts";
import { until } from "../../acceptance/testing/waiting.ts";
import type { Ground, Plot } from "./ground.ts";

export type Direction = "deploy" | "rollback";
type Deployment = CallOutput<"deployments.get">;
/** Holds what is against what must be, and remembers a difference in the words given. */
export type Must = (what: string, is: unknown, be: unknown) => void;

export const ENVIRONMENT = "development";
export const ENDS_WITHIN_MS = 900_000;

const ON_TARGET = `SELECT (SELECT count(*)::int FROM pg_attribute WHERE attname = 'motto' AND NOT attisdropped) AS columns,
  (SELECT count(*)::int FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = 'users_name_trial' AND i.indisvalid) AS indexes,
  (SELECT count(*)::int FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = 'users_name_trial' AND NOT i.indisvalid) AS broken`;
const LEDGER = "SELECT artifact_id, direction FROM change_mgmt_ledger.applied ORDER BY id";

/** What there is of the change on the target: its column, its index, an index that was left half-built; each 0 or 1. */
export async function onTarget(plot: Plot): Promise<{ columns: number; indexes: number; broken: number }> {
  const [row] = await plot.look(ON_TARGET);
  return row as { columns: number; indexes: number; broken: number };
}

/** Asks for a deployment or its rollback, under a key of its own. */
export async function request(olga: Client, change: string, direction: Direction, key: string): Promise<Deployment> {
  const params = { id: change };
  const body = { environment: ENVIRONMENT };
  return direction === "deploy"
    ? await olga("changes.deploy", { params, body, idempotencyKey: key })
    : await olga("changes.rollback", { params, body: { ...body, reason: "Errors." }, idempotencyKey: key });
}

/** Signs off whatever waits for a hand until the deployment has ended. */
export async function carriedOut(olga: Client, change: string, id: string): Promise<Deployment> {
  return await until(
    "the deployment ends",
    async () => {
      const now = await olga("deployments.get", { params: { id } });
      const step = now.state === "waiting" ? now.steps.find(({ state }) => state === "waiting") : undefined;
      if (step) {
        const signOff = {
          params: { id: change },
          body: { step: step.id, note: "Looked." },
          idempotencyKey: `${id}-${step.id.replaceAll(":", "-")}`,
        };
        await olga("changes.signOff", signOff);
      }
      return now;
    },
    ({ state }) => ["succeeded", "failed", "cancelled"].includes(state),
    ENDS_WITHIN_MS,
  );
}

/** Holds what a deployment or rollback that succeeded has left against what it must have done. */
export async function holdSuccess(plot: Plot, direction: Direction, ended: Deployment, must: Must): Promise<void> {
  must(`the ${direction} ends`, [ended.state, ended.refusal], ["succeeded", null]);
  must(`steps of the ${direction}`, [...new Set(ended.steps.map(({ state }) => state))], ["done"]);
  const there = direction === "deploy" ? 1 : 0;
  must(`on the target after the ${direction}`, await onTarget(plot), { columns: there, indexes: there, broken: 0 });
}

/** Holds the ledger of the target against a change that was deployed once and rolled back once. */
export async function holdLedger(plot: Plot, must: Must): Promise<void> {
  must("ledger of the target", await plot.look(LEDGER), [
    { artifact_id: "column", direction: "deploy" },
    { artifact_id: "index", direction: "deploy" },
    { artifact_id: "index", direction: "rollback" },
    { artifact_id: "column", direction: "rollback" },
  ]);
}

/** Waits until the end of the rollback is sealed, sees that the trail is whole and signed, and answers what it tells of the change, event by event. */
export async function toldOf(ground: Ground, plot: Plot, audrey: Client, must: Must): Promise<string[]> {
  const auditor = { handle: "audrey", token: ground.tokens.audrey!, ask: audrey } as const;
  // Sealing runs on its own; the trail is whole for whoever looks when the last entry has its seal.
  const { bytes, entries } = (await until(
    "the last entry is sealed",
    () => exportTrail(auditor).catch(ifBrokenOff),
    (whole) => whole?.entries.some(({ event_type }) => event_type === "rollback.succeeded") === true,
    ENDS_WITHIN_MS,
  ))!;
  const verdict = await verdictOn(bytes, publicKeysOf(plot.dataDir));
  must("the trail is whole and signed", [verdict.ok, verdict.ok && verdict.signature], [true, "valid"]);
  return entries.filter((entry) => entry.change_request_id === ground.change).map((entry) => entry.event_type);
}

/** Nothing, of an answer that ended before it was whole because its server died; anything else is thrown on. */
function ifBrokenOff(error: unknown): undefined {
  if (!(error instanceof TypeError && error.message === "terminated")) throw error;
}

/**
 * A client that asks again, with the same key, while nobody answers: what a person, or a program, does when a server is away. Where
 * `afterFailure` is given, it asks again after an answer of 500 and more too, and tells of it.
 */
export function untiring(address: string, token: string, afterFailure?: (problem: ProblemError) => void): Client {
  const client = createClient({ baseUrl: address, token, newKey: () => crypto.randomUUID() });
  return ((name: never, input: never) =>
    until(
      `${name as string} is answered`,
      async () => {
        try {
          return { answer: await client(name, input) };
        } catch (error) {
          if (!(error instanceof ProblemError)) return undefined;
          if (afterFailure === undefined || error.problem.status < 500) throw error;
          afterFailure(error);
          return undefined;
        }
      },
      (got) => got !== undefined,
      ENDS_WITHIN_MS,
    ).then((got) => got!.answer)) as unknown as Client;
}
