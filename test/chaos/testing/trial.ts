import { isDeepStrictEqual } from "node:util";
import { type Client, createClient, ProblemError } from "@change-mgmt/api/client.ts";
import { exportTrail, publicKeysOf, verdictOn } from "../../acceptance/testing/trail.ts";
import { until } from "../../acceptance/testing/waiting.ts";
import type { Ground, Plot } from "./ground.ts";
import { Mortal } from "./mortal.ts";

export interface TrialResult {
  /** The crash points at which it did die. */
  readonly died: readonly string[];
  /** What was wrong in the end; empty when everything was as it must be. */
  readonly wrong: readonly string[];
}

const ENDS_WITHIN_MS = 180_000;
const LEDGER = "SELECT artifact_id, direction FROM change_mgmt_ledger.applied ORDER BY id";
const ON_TARGET = `SELECT (SELECT count(*)::int FROM pg_attribute WHERE attname = 'motto' AND NOT attisdropped) AS columns,
  (SELECT count(*)::int FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = 'users_name_trial' AND i.indisvalid) AS indexes`;
/** What the trail must tell exactly once, however often somebody had to begin again. */
const ONCE = ["deployment.requested", "deployment.succeeded", "rollback.requested", "rollback.succeeded"];

/**
 * Deploys the approved change and rolls it back while the server dies at the given crash points, one in each of its lives, and holds the
 * end against what must be so: nothing applied twice, nothing lost, nothing unaudited, both ended by themselves, the target as recorded.
 */
export async function trial(ground: Ground, deaths: readonly string[], log?: string): Promise<TrialResult> {
  const plot = await ground.copy();
  const server = await Mortal.start(log === undefined ? plot.env : { ...plot.env, CRASH_LOG: log }, deaths);
  const wrong: string[] = [];
  const must = (what: string, is: unknown, be: unknown) => {
    if (!isDeepStrictEqual(is, be)) wrong.push(`${what}: is ${JSON.stringify(is)}, must be ${JSON.stringify(be)}`);
  };
  try {
    const olga = untiring(server.address, ground.tokens.olga!);
    const params = { id: ground.change };
    const environment = "development";
    for (const direction of ["deploy", "rollback"] as const) {
      const key = { idempotencyKey: `trial-${direction}` };
      const begun =
        direction === "deploy"
          ? await olga("changes.deploy", { params, body: { environment }, ...key })
          : await olga("changes.rollback", { params, body: { environment, reason: "Errors." }, ...key });
      const ended = await carriedOut(olga, params, begun.id);
      must(`the ${direction} ends`, [ended.state, ended.refusal], ["succeeded", null]);
      must(`steps of the ${direction}`, [...new Set(ended.steps.map(({ state }) => state))], ["done"]);
      const there = direction === "deploy" ? 1 : 0;
      must(`on the target after the ${direction}`, await plot.look(ON_TARGET), [{ columns: there, indexes: there }]);
    }
    must("ledger of the target", await plot.look(LEDGER), [
      { artifact_id: "column", direction: "deploy" },
      { artifact_id: "index", direction: "deploy" },
      { artifact_id: "index", direction: "rollback" },
      { artifact_id: "column", direction: "rollback" },
    ]);
    const admin = untiring(server.address, ground.tokens.admin!);
    must("dead letters", (await admin("jobs.dead")).items, []);
    await holdTrail(ground, plot, server, must);
    must("exit code", await server.stop(), 0);
  } catch (error) {
    const problem = error instanceof ProblemError ? ` ${JSON.stringify(error.problem)}` : "";
    wrong.push(`${(error as Error).message}${problem}\n${server.log}`);
  } finally {
    await server.stop();
    await plot.remove();
  }
  return { died: server.died, wrong };
}

/** Signs off whatever waits for a hand until the deployment has ended. */
async function carriedOut(olga: Client, params: { id: string }, id: string) {
  return await until(
    "the deployment ends",
    async () => {
      const now = await olga("deployments.get", { params: { id } });
      const step = now.state === "waiting" ? now.steps.find(({ state }) => state === "waiting") : undefined;
      if (step) {
        const signOff = {
          params,
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

async function holdTrail(
  ground: Ground,
  plot: Plot,
  server: Mortal,
  must: (what: string, is: unknown, be: unknown) => void,
): Promise<void> {
  const token = ground.tokens.audrey!;
  const audrey = { handle: "audrey", token, ask: untiring(server.address, token) } as const;
  // Sealing runs on its own; the trail is whole for whoever looks when the last entry has its seal.
  const { bytes, entries } = await until(
    "the last entry is sealed",
    () => exportTrail(audrey),
    ({ entries: all }) => all.some(({ event_type }) => event_type === "rollback.succeeded"),
    ENDS_WITHIN_MS,
  );
  const verdict = await verdictOn(bytes, publicKeysOf(plot.dataDir));
  must("the trail is whole and signed", [verdict.ok, verdict.ok && verdict.signature], [true, "valid"]);
  const told = entries.filter((entry) => entry.change_request_id === ground.change).map((entry) => entry.event_type);
  for (const event of ONCE) must(`entries of ${event}`, told.filter((one) => one === event).length, 1);
  must("sign-offs told", told.filter((one) => one === "deployment.signed-off").length, 2);
  must(
    "failures told",
    told.filter((one) => /\.(failed|cancelled)$/.test(one)),
    [],
  );
}

/** A client that asks again, with the same key, while nobody answers: what a person, or a program, does when a server is away. */
function untiring(address: string, token: string): Client {
  const client = createClient({ baseUrl: address, token, newKey: () => crypto.randomUUID() });
  return ((name: never, input: never) =>
    until(
      `${name as string} is answered`,
      async () => {
        try {
          return { answer: await client(name, input) };
        } catch (error) {
          if (error instanceof ProblemError) throw error;
          return undefined;
        }
      },
      (got) => got !== undefined,
      ENDS_WITHIN_MS,
    ).then((got) => got!.answer)) as unknown as Client;
}
