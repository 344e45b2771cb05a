import { isDeepStrictEqual } from "node:util";
import { ProblemError } from "@change-mgmt/api/client.ts";
import { carriedOut, holdLedger, holdSuccess, type Must, request, toldOf, untiring } from "./course.ts";
import type { Ground } from "./ground.ts";
import { Mortal } from "./mortal.ts";
import type { OneFile } from "./one-file.ts";

export interface TrialResult {
  /** The crash points at which it did die. */
  readonly died: readonly string[];
  /** What was wrong in the end; empty when everything was as it must be. */
  readonly wrong: readonly string[];
}

export interface TrialOptions {
  /** File that each crossing is written to. */
  readonly log?: string;
  /** What the server is run from; left out, from its sources. */
  readonly server?: OneFile;
  /** Whether what the dead had in hand is taken for left at once, instead of after the seconds it takes otherwise. */
  readonly hurry?: boolean;
  /** Variables for the server, beside those of the ground. */
  readonly env?: Readonly<Record<string, string>>;
  /** Hears of answers of 500 and more, after which the same is asked again; without it such an answer is wrong. */
  readonly afterFailure?: (problem: ProblemError) => void;
}

/** What the trail must tell exactly so often, however often somebody had to begin again. */
const TOLD = {
  "deployment.requested": 1,
  "deployment.succeeded": 1,
  "rollback.requested": 1,
  "rollback.succeeded": 1,
  "deployment.signed-off": 2,
};

/**
 * Deploys the approved change and rolls it back while the server dies at the given crash points, one in each of its lives, and holds the
 * end against what must be so: nothing applied twice, nothing lost, nothing unaudited, both ended by themselves, the target as recorded.
 */
export async function trial(
  ground: Ground,
  deaths: readonly string[],
  { log, server: oneFile, hurry = false, env = {}, afterFailure }: TrialOptions = {},
): Promise<TrialResult> {
  const plot = await ground.copy();
  const server = await Mortal.start({
    env: { ...plot.env, ...env, ...(log === undefined ? {} : { CRASH_LOG: log }) },
    deaths,
    server: oneFile,
    between: hurry ? () => plot.letTimePass() : undefined,
  });
  const wrong: string[] = [];
  const must: Must = (what, is, be) => {
    if (!isDeepStrictEqual(is, be)) wrong.push(`${what}: is ${JSON.stringify(is)}, must be ${JSON.stringify(be)}`);
  };
  try {
    const client = (handle: string) => untiring(server.address, ground.tokens[handle]!, afterFailure);
    const olga = client("olga");
    for (const direction of ["deploy", "rollback"] as const) {
      const begun = await request(olga, ground.change, direction, `trial-${direction}`);
      const ended = await carriedOut(olga, ground.change, begun.id);
      await holdSuccess(plot, direction, ended, must);
      const { keys, work } = ground.outside(begun.id);
      const part = direction === "deploy" ? "run" : "rollback";
      must(`what the outside system did for the ${direction}`, [keys.length, work], [1, [part]]);
    }
    await holdLedger(plot, must);
    must("dead letters", (await client("admin")("jobs.dead")).items, []);
    const told = await toldOf(ground, plot, client("audrey"), must);
    for (const [event, times] of Object.entries(TOLD))
      must(`entries of ${event}`, told.filter((one) => one === event).length, times);
    const failures = told.filter((one) => /\.(failed|cancelled)$/.test(one));
    must("failures told", failures, []);
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
