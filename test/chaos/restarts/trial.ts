import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { ProblemError } from "@change-mgmt/api/client.ts";
import { type OwnPostgres, startOwn, startPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { dataFolder } from "../../acceptance/testing/folder.ts";
import { clientOf, newAdminToken, type People, signIn } from "../../acceptance/testing/people.ts";
import { type Running, serve, work } from "../../acceptance/testing/processes.ts";
import { handwork, migration, Road } from "../../acceptance/testing/road.ts";
import { publicKeysOf, wholeTrail } from "../../acceptance/testing/trail.ts";
import { until } from "../../acceptance/testing/waiting.ts";
import { configurationOnServers, makeTargets, settle, targetVariables } from "../../acceptance/testing/workspace.ts";
import { numbersFrom } from "../testing/points.ts";
import { type Answers, patient } from "./answers.ts";

export interface Wanted {
  readonly changes: number;
  /** Seconds between two restarts of the store, on average. */
  readonly every: number;
  readonly seed: number;
  /** How many people walk changes along at once. */
  readonly walkers: number;
  /** One of so many changes carries a migration, which is rehearsed and applied to a real database. */
  readonly migrationOf: number;
  readonly say: (line: string) => void;
}

export interface Outcome {
  readonly restarts: { readonly fast: number; readonly immediate: number };
  readonly changes: number;
  readonly answers: Answers;
  /** What was not as it must be; empty when everything was. */
  readonly wrong: readonly string[];
}

type Row = Record<string, unknown>;

const SETTLES_WITHIN_MS = 300_000;
/** What each change must have told exactly once, however often somebody had to ask again. */
const ONCE = [
  "change.created",
  "change.submitted",
  "change.assessed",
  "vote.approved",
  "deployment.requested",
  "deployment.succeeded",
];

/**
 * Walks changes from creation to a deployment, over two servers and two workers on one Postgres that is restarted all the while, and holds
 * the end against what must be so: nothing acknowledged is lost, nothing done twice, every change deployed, the trail whole.
 */
export async function restartTheStore(wanted: Wanted): Promise<Outcome> {
  const [store, other] = await Promise.all([startOwn(), startPostgres()]);
  const folder = dataFolder();
  const adminToken = newAdminToken();
  const [databaseUrl, targets] = await Promise.all([store.newDatabase(), makeTargets(other)]);
  const env = {
    DATABASE_URL: databaseUrl,
    CHANGE_MGMT_DATA: folder.path,
    CHANGE_MGMT_ADMIN_TOKEN: adminToken,
    ...targetVariables(targets),
  };
  const begin = [() => serve(["--no-demo"], env), () => serve(["--no-demo"], env), () => work(env), () => work(env)];
  const processes: Running[] = [];
  for (const start of begin) processes.push(await start());
  const answers: Answers = { requests: 0, away: 0, limited: 0, wrong: [] };
  const wrong: string[] = [];
  const must = (what: string, is: unknown, be: unknown) => {
    if (!isDeepStrictEqual(is, be)) wrong.push(`${what}: is ${JSON.stringify(is)}, must be ${JSON.stringify(be)}`);
  };
  const rows = (sql: string) => withClient(databaseUrl, async (client) => (await client.query(sql)).rows as Row[]);
  const restarts = { fast: 0, immediate: 0 };
  try {
    const [one, two] = processes as [Running, Running];
    const people = await settle(one.address, clientOf(one.address, adminToken), adminToken, configurationOnServers());
    const crowd: People[] = [];
    for (let n = 0; n < wanted.walkers; n++) crowd.push(n === 0 ? people : await signIn(one.address, adminToken));
    const patiently = crowd.map((each, n) => withPatience(n % 2 === 0 ? one : two, each, answers));
    const enough = new AbortController();
    const restarting = restart(store, wanted, restarts, enough.signal);
    const walked: string[] = [];
    let next = 0;
    await Promise.all(
      patiently.map(async (walker) => {
        for (let n = next++; n < wanted.changes; n = next++) {
          try {
            walked.push(await walk(walker, n, wanted.migrationOf));
          } catch (error) {
            const problem = error instanceof ProblemError ? ` ${JSON.stringify(error.problem)}` : "";
            wrong.push(`change ${n}: ${(error as Error).message}${problem}`);
          }
          if (walked.length % 25 === 0)
            wanted.say(
              `${walked.length} changes, ${restarts.fast + restarts.immediate} restarts, ${answers.away} told to come back`,
            );
        }
      }),
    );
    enough.abort();
    await restarting;
    await until(
      "every event is handed over, every job done, every entry sealed",
      () =>
        rows(`SELECT (SELECT count(*)::int FROM change_mgmt.outbox WHERE sent_at IS NULL) AS unsent,
                     (SELECT count(*)::int FROM change_mgmt.audit_trail WHERE seq IS NULL) AS unsealed,
                     (SELECT count(*)::int FROM change_mgmt_jobs.job WHERE state < 'completed' AND name <> 'dead-letters') AS open`),
      ([row]) => row?.unsent === 0 && row.open === 0 && row.unsealed === 0,
      SETTLES_WITHIN_MS,
    );
    must("changes that were walked to their end", walked.length, wanted.changes);
    const stored = await rows("SELECT number FROM change_mgmt.change_requests ORDER BY number");
    must("changes that are stored", stored.map(({ number }) => number).sort(), [...walked].sort());
    const ended = await rows("SELECT state, count(*)::int AS times FROM change_mgmt.deployments GROUP BY 1");
    must("deployments", ended, [{ state: "succeeded", times: wanted.changes }]);
    must("dead letters", await rows("SELECT data FROM change_mgmt_jobs.job WHERE name = 'dead-letters'"), []);
    must("leases held", await rows("SELECT resource FROM change_mgmt.leases WHERE expires_at > now()"), []);
    const ledger = await withClient(targets.development, async (client) =>
      (await client.query("SELECT artifact_id AS id FROM change_mgmt_ledger.applied ORDER BY 1")).rows.map(
        (row) => row.id,
      ),
    );
    const migrations = Array.from({ length: wanted.changes }, (_, n) => n).filter((n) => n % wanted.migrationOf === 0);
    must("migrations applied, once each", ledger, migrations.map((n) => `column${n}`).sort());
    const { entries } = await wholeTrail(people.audrey, publicKeysOf(folder.path));
    for (const event of ONCE) {
      const told = entries.filter((entry) => entry.event_type === event).map((entry) => entry.change_request_id);
      must(`entries of ${event}`, [told.length, new Set(told).size], [wanted.changes, wanted.changes]);
    }
    must("answers that nobody may get", [...new Set(answers.wrong)], []);
    must("exit codes", await Promise.all(processes.map((each) => each.stop())), [0, 0, 0, 0]);
  } catch (error) {
    wrong.push(String((error as Error).stack));
  } finally {
    await Promise.all(processes.map((each) => each.kill()));
    await store.stop();
    await other.stop();
    folder.remove();
  }
  return { restarts, changes: wanted.changes, answers, wrong };
}

function withPatience({ address }: Running, people: People, answers: Answers): People {
  const patiently = Object.values(people).map((person) => [
    person.handle,
    { ...person, ask: patient(address, person.token, answers) },
  ]);
  return Object.fromEntries(patiently) as People;
}

/** Stops the store in order or at once and starts it again a moment later, until the signal; drawn from the seed. */
async function restart(
  store: OwnPostgres,
  { every, seed }: Wanted,
  restarts: { fast: number; immediate: number },
  enough: AbortSignal,
): Promise<void> {
  const draw = numbersFrom(seed);
  while (!enough.aborted) {
    const ms = every * 1000 * (0.5 + draw());
    await pause(ms, undefined, { signal: enough }).catch(() => undefined);
    if (enough.aborted) return;
    const how = draw() < 0.5 ? "fast" : "immediate";
    await store.halt(how);
    await pause(draw() * 1000);
    await store.resume();
    restarts[how] += 1;
  }
}

/** One change from its creation to its deployment in development; answers its number. */
async function walk(people: People, n: number, migrationOf: number): Promise<string> {
  const name = `column${n}`;
  const artifact =
    n % migrationOf === 0
      ? migration(name, `ALTER TABLE users ADD COLUMN ${name} text;`, `ALTER TABLE users DROP COLUMN ${name};`)
      : handwork("look");
  const road = await Road.begin(people, { title: `Change ${n}`, artifacts: [artifact] });
  await road.untilApproved();
  const { olga } = people;
  const id = await until(
    `${road.number} gets the environment`,
    async () => {
      try {
        return (await olga.ask("changes.deploy", { params: road.params, body: { environment: "development" } })).id;
      } catch (error) {
        // Another change is being deployed there: that is no trouble, and one's turn comes.
        if (error instanceof ProblemError && error.problem.code === "ENVIRONMENT_BUSY") return undefined;
        throw error;
      }
    },
    (got) => got !== undefined,
    SETTLES_WITHIN_MS,
  );
  await until(
    `${road.number} is deployed`,
    async () => {
      const now = await olga.ask("deployments.get", { params: { id: id! } });
      const step = now.state === "waiting" ? now.steps.find(({ state }) => state === "waiting") : undefined;
      if (step) await signOff(people, road, step.id);
      return now;
    },
    ({ state }) => ["succeeded", "failed", "cancelled"].includes(state),
    SETTLES_WITHIN_MS,
  );
  return road.number;
}

async function signOff(people: People, road: Road, step: string): Promise<void> {
  try {
    await people.olga.ask("changes.signOff", { params: road.params, body: { step, note: "Looked." } });
  } catch (error) {
    // It has gone on between the look and the hand.
    if (!(error instanceof ProblemError && error.problem.code === "STEP_UNKNOWN")) throw error;
  }
}
