import { ProblemError } from "@change-mgmt/api/client.ts";
import { startPostgres, type TestPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataFolder } from "./testing/folder.ts";
import { at, clientOf, newAdminToken, type People, type Person } from "./testing/people.ts";
import { type Running, serve, work } from "./testing/processes.ts";
import { handwork, migration, Road, wish } from "./testing/road.ts";
import { publicKeysOf, wholeTrail } from "./testing/trail.ts";
import { until } from "./testing/waiting.ts";
import {
  configurationOnServers,
  type EnvironmentName,
  makeTargets,
  settle,
  targetVariables,
} from "./testing/workspace.ts";

const CREATORS = 500;

/** What each of several calls that were sent at once came to: its answer, or the code it was refused with. */
async function outcomes<T>(calls: readonly Promise<T>[]): Promise<(T | string)[]> {
  return await Promise.all(
    calls.map((call) =>
      call.catch((error: unknown) => {
        if (error instanceof ProblemError) return error.problem.code;
        throw error;
      }),
    ),
  );
}

function codes(all: readonly unknown[]): string[] {
  return all.filter((one) => typeof one === "string");
}

describe("two servers and two workers on one Postgres", () => {
  const folder = dataFolder();
  const adminToken = newAdminToken();
  let postgres: TestPostgres;
  let databaseUrl: string;
  let targets: Record<EnvironmentName, string>;
  let processes: Running[] = [];
  /** The same people at each of the two servers. */
  let here: People;
  let there: People;

  const rows = async (sql: string, url = databaseUrl): Promise<Record<string, unknown>[]> =>
    await withClient(url, async (client) => (await client.query(sql)).rows);

  beforeAll(async () => {
    postgres = await startPostgres();
    [databaseUrl, targets] = await Promise.all([postgres.newDatabase(), makeTargets(postgres)]);
    const env = {
      DATABASE_URL: databaseUrl,
      CHANGE_MGMT_DATA: folder.path,
      CHANGE_MGMT_ADMIN_TOKEN: adminToken,
      ...targetVariables(targets),
    };
    // All four begin on an empty database at the same moment.
    processes = await Promise.all([serve(["--no-demo"], env), serve(["--no-demo"], env), work(env), work(env)]);
    const [one, two] = processes as [Running, Running];
    here = await settle(one.address, clientOf(one.address, adminToken), adminToken, configurationOnServers());
    there = at(two.address, here);
  });

  afterAll(async () => {
    await Promise.all(processes.map((process) => process.kill()));
    await postgres?.stop();
    folder.remove();
  });

  test(`${CREATORS} creators at once get ${CREATORS} numbers, none twice`, async () => {
    const creators = (people: People) => {
      const { rosa, dev, lena, archie, olga, quinn, bora, admin } = people;
      return [rosa, dev, lena, archie, olga, quinn, bora, admin];
    };
    const all = [...creators(here), ...creators(there)];
    const made = await Promise.all(
      Array.from({ length: CREATORS }, (_, n) => {
        const creator = all[n % all.length]!;
        return creator.ask("changes.create", { body: wish({ title: `Wish ${n}`, artifacts: [handwork("look")] }) });
      }),
    );
    expect(new Set(made.map((change) => change.number)).size).toBe(CREATORS);
    expect(new Set(made.map((change) => change.id)).size).toBe(CREATORS);
    expect(made.map((change) => change.title).sort()).toEqual(
      Array.from({ length: CREATORS }, (_, n) => `Wish ${n}`).sort(),
    );
    const listed: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { number: string }[]; nextCursor: string | null } = await there.audrey.ask("changes.list", {
        query: { limit: 200, ...(cursor === null ? {} : { cursor }) },
      });
      listed.push(...page.items.map(({ number }) => number));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(listed.sort()).toEqual(made.map((change) => change.number).sort());
  });

  test("the same Idempotency-Key ten times at once makes one change, and everybody gets it", async () => {
    const body = wish({ title: "Once and only once", artifacts: [handwork("look")] });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 === 0 ? here : there).rosa.ask("changes.create", { body, idempotencyKey: "one-wish" }),
      ),
    );
    expect(new Set(answers.map((change) => change.number)).size).toBe(1);
    expect(
      await rows("SELECT number FROM change_mgmt.change_requests WHERE title = 'Once and only once'"),
    ).toHaveLength(1);
    const other = await outcomes([
      here.rosa.ask("changes.create", { body: wish({ title: "Another", artifacts: [] }), idempotencyKey: "one-wish" }),
    ]);
    expect(other).toEqual(["IDEMPOTENCY_KEY_REUSED"]);
  });

  test("of two edits of one version at once, one is told that it is stale", async () => {
    const { rosa } = here;
    const change = await rosa.ask("changes.create", { body: wish({ artifacts: [handwork("look")] }) });
    const edit = (who: Person, title: string) =>
      who.ask("changes.edit", { params: { id: change.number }, body: { fields: { title } }, ifMatch: change.version });
    const both = await outcomes([edit(here.rosa, "From here"), edit(there.rosa, "From there")]);
    expect(codes(both)).toEqual(["STALE_VERSION"]);
    const kept = both.find((answer) => typeof answer !== "string");
    const now = await rosa.ask("changes.get", { params: { id: change.number } });
    expect(now).toMatchObject({ version: change.version + 1, title: (kept as typeof change).title });
  });

  test("approvers at once all count, each of them once", async () => {
    const road = await Road.begin(here, {
      title: "Three approvers",
      fields: { stakeholders: ["archie", "bora"] },
      artifacts: [handwork("look")],
    });
    const { contentHash } = await road.untilVotes();
    const vote = (who: Person) =>
      who.ask("changes.vote", { params: road.params, body: { decision: "approve", contentHash } });
    const sent = [here.lena, there.lena, here.archie, there.bora, there.archie, here.bora].map(vote);
    expect(codes(await outcomes(sent))).toEqual(["ALREADY_VOTED", "ALREADY_VOTED", "ALREADY_VOTED"]);
    const change = await road.at("approved");
    expect(change.votes.map((one) => `${one.voter} ${one.requirement}`).sort()).toEqual([
      "archie stakeholders",
      "bora stakeholders",
      "lena owning-team",
    ]);
    expect(change.approvals.map(({ met }) => met)).toEqual([true, true, true]);
  });

  test("of two deployers at once, one wins and the other is told; each migration is applied once", async () => {
    const roads = await Promise.all(
      ["first", "second"].map(async (name) => {
        const up = `ALTER TABLE users ADD COLUMN ${name} text;`;
        const down = `ALTER TABLE users DROP COLUMN ${name};`;
        const road = await Road.begin(here, { title: `Column ${name}`, artifacts: [migration(name, up, down)] });
        await road.untilApproved();
        return road;
      }),
    );
    const [first, second] = roads as [Road, Road];
    const deploy = (who: Person, road: Road) =>
      who.ask("changes.deploy", { params: road.params, body: { environment: "development" } });
    const same = await outcomes([deploy(here.olga, first), deploy(there.lena, first)]);
    expect(codes(same)).toHaveLength(1);
    expect(["ENVIRONMENT_BUSY", "NO_TRANSITION"]).toContain(codes(same)[0]);
    const won = same.find((answer) => typeof answer !== "string");
    expect(await first.ended(won as Exclude<typeof won, string | undefined>)).toMatchObject({ state: "succeeded" });

    const third = await Road.begin(here, {
      title: "Column third",
      artifacts: [
        migration("third", "ALTER TABLE users ADD COLUMN third text;", "ALTER TABLE users DROP COLUMN third;"),
      ],
    });
    await third.untilApproved();
    const rivals = await outcomes([deploy(here.olga, second), deploy(there.olga, third)]);
    expect(codes(rivals)).toEqual(["ENVIRONMENT_BUSY"]);
    const winner = rivals.findIndex((answer) => typeof answer !== "string");
    const winning = rivals[winner] as Exclude<(typeof rivals)[number], string>;
    expect(await (winner === 0 ? second : third).ended(winning)).toMatchObject({ state: "succeeded" });
    await (winner === 0 ? third : second).deployed("development");

    const ledger = await rows(
      "SELECT artifact_id, direction FROM change_mgmt_ledger.applied ORDER BY id",
      targets.development,
    );
    expect(ledger.map((row) => `${row.artifact_id} ${row.direction}`).sort()).toEqual([
      "first deploy",
      "second deploy",
      "third deploy",
    ]);
  });

  test("nothing was done twice, and the trail is whole", async () => {
    await until(
      "every event is handed over and every job done",
      () =>
        rows(`SELECT (SELECT count(*)::int FROM change_mgmt.outbox WHERE sent_at IS NULL) AS unsent,
                     (SELECT count(*)::int FROM change_mgmt_jobs.job WHERE state NOT IN ('completed', 'cancelled')) AS open`),
      ([row]) => row?.unsent === 0 && row.open === 0,
    );
    expect(
      await rows("SELECT name, data->>'key' AS key FROM change_mgmt_jobs.job GROUP BY 1, 2 HAVING count(*) > 1"),
    ).toEqual([]);
    expect(
      await rows(`SELECT change_id, details->>'contentHash' AS content FROM change_mgmt.audit_trail
                  WHERE action LIKE 'rehearsal.%' GROUP BY 1, 2 HAVING count(*) > 1`),
    ).toEqual([]);
    const ends =
      await rows(`SELECT details->>'deployment' AS deployment, count(*)::int AS times FROM change_mgmt.audit_trail
                             WHERE action = 'deployment.succeeded' GROUP BY 1`);
    expect(ends.map(({ times }) => times)).toEqual([1, 1, 1]);
    expect(await rows("SELECT state FROM change_mgmt.deployments")).toEqual(Array(3).fill({ state: "succeeded" }));
    expect(await rows("SELECT count(*)::int AS dead FROM change_mgmt_jobs.job WHERE name = 'dead-letters'")).toEqual([
      { dead: 0 },
    ]);

    const checkpoint = await here.audrey.ask("audit.checkpoint");
    const { entries } = await wholeTrail(there.audrey, publicKeysOf(folder.path), checkpoint);
    const created = entries
      .filter((entry) => entry.event_type === "change.created")
      .map((entry) => entry.change_request_id);
    expect(new Set(created).size).toBe(created.length);
    expect(created.length).toBeGreaterThan(CREATORS);
  });
});
