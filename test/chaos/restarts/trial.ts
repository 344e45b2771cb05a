import { isDeepStrictEqual } from "node:util";
import { ProblemError } from "@change-mgmt/api/client.ts";
import { startOwn, startPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { dataFolder } from "../../acceptance/testing/folder.ts";
import { clientOf, newAdminToken, type People, signIn } from "../../acceptance/testing/people.ts";
import { type Running, serve, work } from "../../acceptance/testing/processes.ts";
import { exportTrail, publicKeysOf, verdictOn } from "../../acceptance/testing/trail.ts";
import { until } from "../../acceptance/testing/waiting.ts";
import { configurationOnServers, makeTargets, settle, targetVariables } from "../../acceptance/testing/workspace.ts";
import { connectionsOf } from "./connected.ts";
import { type Answers, patient } from "./patience.ts";
import { type Restarts, restarting } from "./restarting-store.ts";
import { type Kind, type Walked, walk } from "./walk.ts";

export interface Wanted {
  readonly changes: number;
  /** Seconds between two restarts of the store, on average. */
  readonly every: number;
  readonly seed: number;
  /** How many changes are on their way at once. */
  readonly walkers: number;
  /** One of so many changes is deployed; the others end approved. */
  readonly deployedOf: number;
  /** One of so many changes carries a migration, which is rehearsed and applied to a real database. */
  readonly migrationOf: number;
  /** Hears what goes on. */
  readonly say: (line: string) => void;
  /** Hears, as it is found, what was not as it must be. */
  readonly wrong: (line: string) => void;
}

export interface Outcome {
  readonly restarts: Restarts["counts"];
  readonly walked: number;
  readonly answers: Answers;
}

type Row = Record<string, unknown>;

const SETTLES_WITHIN_MS = 600_000;
/** What each change must have told exactly once, however often somebody had to ask again. */
const ONCE = ["change.created", "change.submitted", "change.assessed", "vote.approved"];
const ONCE_DEPLOYED = ["deployment.requested", "deployment.succeeded"];

/**
 * Walks changes from their creation to the approval or a deployment, over two servers and two workers on one Postgres that is restarted all
 * the while, and holds the end against what must be so: nothing acknowledged is lost, nothing done twice or untold in the trail, and every
 * process alive and connected.
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
  const answers: Answers = { requests: 0, away: 0, limited: 0 };
  const walked: Walked[] = [];
  const processes: Running[] = [];
  let restarts: Restarts | undefined;
  try {
    for (const start of [
      () => serve(["--no-demo"], env),
      () => serve(["--no-demo"], env),
      () => work(env),
      () => work(env),
    ])
      processes.push(await start());
    const servers = processes.slice(0, 2);
    const address = servers[0]!.address;
    const people = await settle(address, clientOf(address, adminToken), adminToken, configurationOnServers());
    const walkers: People[] = [];
    for (let n = 0; n < wanted.walkers; n++) {
      const own = n === 0 ? people : await signIn(address, adminToken);
      walkers.push(withPatience(servers[n % servers.length]!, own, answers, wanted.wrong));
    }
    restarts = restarting(store, { ...wanted, failed: (error) => wanted.wrong(`the store: ${error.stack}`) });
    await Promise.all(walkers.map((walker) => walkOn(walker, wanted, walked, { answers, restarts: restarts! })));
    await restarts.stop();
    wanted.say(`${walked.length} changes walked; now every event, job and seal has to come to its end`);
    await settled(databaseUrl);
    await holdStore(databaseUrl, walked, wanted);
    await holdTargets(targets.development, walked, wanted.wrong);
    await holdTrail(walkers[0]!, folder.path, walked, wanted.wrong);
    await holdProcesses(databaseUrl, processes, wanted.wrong);
  } catch (error) {
    wanted.wrong(wordsOf(error as Error));
  } finally {
    await restarts?.stop();
    await Promise.all(processes.map((each) => each.kill()));
    await store.stop();
    await other.stop();
    folder.remove();
  }
  return { restarts: restarts?.counts ?? { fast: 0, immediate: 0 }, walked: walked.length, answers };
}

function withPatience({ address }: Running, people: People, answers: Answers, wrong: Wanted["wrong"]): People {
  const patiently = Object.values(people).map((person) => [
    person.handle,
    { ...person, ask: patient(address, person.token, answers, wrong) },
  ]);
  return Object.fromEntries(patiently) as People;
}

/** Takes the next change that nobody walks yet, until all are walked. */
async function walkOn(
  walker: People,
  { changes, deployedOf, migrationOf, say, wrong }: Wanted,
  walked: Walked[],
  { answers, restarts }: { readonly answers: Answers; readonly restarts: Restarts },
): Promise<void> {
  for (let n = next(walked, changes); n !== undefined; n = next(walked, changes)) {
    const kind: Kind = n % migrationOf === 0 ? "migration" : n % deployedOf === 0 ? "handwork" : "approved";
    try {
      walked.push(await walk(walker, n, kind));
    } catch (error) {
      wrong(`change ${n}: ${wordsOf(error as Error)}`);
    }
    const { fast, immediate } = restarts.counts;
    if (walked.length % 10 === 0)
      say(
        `${walked.length} changes, ${fast + immediate} restarts, ${answers.requests} answers, ${answers.away} "store away"`,
      );
  }
}

const taken = new WeakMap<Walked[], number>();

function next(walked: Walked[], changes: number): number | undefined {
  const n = taken.get(walked) ?? 0;
  taken.set(walked, n + 1);
  return n < changes ? n : undefined;
}

function ask(databaseUrl: string, sql: string): Promise<Row[]> {
  return withClient(databaseUrl, async (client) => (await client.query(sql)).rows as Row[]);
}

/** Waits until every event is handed over, every job done and every entry sealed. */
async function settled(databaseUrl: string): Promise<void> {
  await until(
    "every event is handed over, every job done, every entry sealed",
    () =>
      ask(
        databaseUrl,
        `SELECT (SELECT count(*)::int FROM change_mgmt.outbox WHERE sent_at IS NULL) AS unsent,
                (SELECT count(*)::int FROM change_mgmt.audit_trail WHERE seq IS NULL) AS unsealed,
                (SELECT count(*)::int FROM change_mgmt_jobs.job WHERE state < 'completed' AND name <> 'dead-letters') AS open`,
      ),
    ([row]) => row?.unsent === 0 && row.open === 0 && row.unsealed === 0,
    SETTLES_WITHIN_MS,
  );
}

async function holdStore(databaseUrl: string, walked: readonly Walked[], wanted: Wanted): Promise<void> {
  const must = holding(wanted.wrong);
  must("changes that were walked to their end", walked.length, wanted.changes);
  const stored = await ask(databaseUrl, "SELECT number FROM change_mgmt.change_requests");
  must("changes that are stored", stored.map(({ number }) => String(number)).sort(), numbers(walked));
  const ended = await ask(databaseUrl, "SELECT state, count(*)::int AS times FROM change_mgmt.deployments GROUP BY 1");
  must("deployments", ended, [{ state: "succeeded", times: walked.filter(({ kind }) => kind !== "approved").length }]);
  must("dead letters", await ask(databaseUrl, "SELECT data FROM change_mgmt_jobs.job WHERE name = 'dead-letters'"), []);
  const leases = await ask(databaseUrl, "SELECT resource FROM change_mgmt.leases WHERE expires_at > now()");
  must("leases held", leases, []);
}

async function holdTargets(url: string, walked: readonly Walked[], wrong: Wanted["wrong"]): Promise<void> {
  const columns = walked.filter(({ kind }) => kind === "migration").map(({ column }) => column);
  const ledger = await ask(url, "SELECT artifact_id AS id FROM change_mgmt_ledger.applied");
  holding(wrong)("migrations applied, once each", ledger.map(({ id }) => String(id)).sort(), columns.sort());
  const there = await ask(
    url,
    "SELECT attname AS name FROM pg_attribute WHERE attname ~ '^column[0-9]+$' AND NOT attisdropped",
  );
  holding(wrong)("columns that are there", there.map(({ name }) => String(name)).sort(), columns);
}

async function holdTrail(
  people: People,
  dataDir: string,
  walked: readonly Walked[],
  wrong: Wanted["wrong"],
): Promise<void> {
  const must = holding(wrong);
  const { bytes, entries } = await exportTrail(people.audrey);
  const verdict = await verdictOn(bytes, publicKeysOf(dataDir));
  must("the trail is whole and signed", [verdict.ok, verdict.ok && verdict.signature], [true, "valid"]);
  const told = (event: string) =>
    entries.filter((entry) => entry.event_type === event).map((entry) => String(entry.change_request_id));
  const deployed = walked.filter(({ kind }) => kind !== "approved");
  for (const event of ONCE) must(`changes that tell ${event}`, told(event).sort(), numbers(walked));
  for (const event of ONCE_DEPLOYED) must(`changes that tell ${event}`, told(event).sort(), numbers(deployed));
  const failures = entries.filter(({ event_type }) => /^(deployment|rehearsal)\.(failed|cancelled)$/.test(event_type));
  must(
    "failures told",
    failures.map(({ event_type }) => event_type),
    [],
  );
}

/** Every process lives, has a connection to the store, and ends in order. */
async function holdProcesses(
  databaseUrl: string,
  processes: readonly Running[],
  wrong: Wanted["wrong"],
): Promise<void> {
  const must = holding(wrong);
  const connections = await connectionsOf(
    databaseUrl,
    processes.map(({ pid }) => pid),
  );
  must(
    "processes that are connected",
    connections.map((count) => count > 0),
    processes.map(() => true),
  );
  for (const { address } of processes.filter(({ address: where }) => where !== ""))
    must(`${address} is ready`, (await fetch(`${address}/readyz`)).status, 200);
  const codes = await Promise.all(processes.map((each) => each.stop()));
  must(
    "exit codes",
    codes,
    processes.map(() => 0),
  );
  for (const [n, code] of codes.entries())
    if (code !== 0) wrong(`process ${n} said: ${processes[n]!.stderr().slice(-3000)}`);
}

function holding(wrong: Wanted["wrong"]) {
  return (what: string, is: unknown, be: unknown) => {
    if (isDeepStrictEqual(is, be)) return;
    if (!Array.isArray(is) || !Array.isArray(be) || is.length + be.length < 20)
      return wrong(`${what}: is ${JSON.stringify(is)}, must be ${JSON.stringify(be)}`);
    const more = is.filter((one, n) => !be.includes(one) || is.indexOf(one) !== n);
    wrong(
      `${what}: too many are ${JSON.stringify(more)}, missing are ${JSON.stringify(be.filter((one) => !is.includes(one)))}`,
    );
  };
}

function numbers(walked: readonly Walked[]): string[] {
  return walked.map(({ number }) => number).sort();
}

function wordsOf(error: Error): string {
  return `${error.stack}${error instanceof ProblemError ? ` ${JSON.stringify(error.problem)}` : ""}`;
}
