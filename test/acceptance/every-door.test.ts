import type { Problem } from "@change-mgmt/api/problem.ts";
import { type RunningServer, startServer } from "@change-mgmt/server/main.ts";
import { startPostgres, type TestPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataFolder } from "./testing/folder.ts";
import { clientOf, type Handle, newAdminToken, type People, refusalOf } from "./testing/people.ts";
import { handwork, migration, Road, wish } from "./testing/road.ts";
import { storedState } from "./testing/state.ts";
import { publicKeysOf, wholeTrail } from "./testing/trail.ts";
import { until } from "./testing/waiting.ts";
import {
  configurationOnServers,
  type EnvironmentName,
  makeTargets,
  settle,
  targetVariables,
  variable,
} from "./testing/workspace.ts";

const NOBODY_THERE = "postgres://nobody:nothing@127.0.0.1:9/nowhere";
/** What the form asks of whoever breaks something for others; a new rule for old rows does. */
const BREAKING = {
  breaking: true,
  migrationStrategy: "Rows are put right first.",
  rollbackPlan: "The rule is taken away again.",
};
const UNKNOWN_ID = "01a00000-0000-7000-8000-000000000000";

const folder = dataFolder();
const adminToken = newAdminToken();
const env: Record<string, string> = {};
let postgres: TestPostgres;
let databaseUrl: string;
let targets: Record<EnvironmentName, string>;
let server: RunningServer;
let people: People;

beforeAll(async () => {
  postgres = await startPostgres();
  [databaseUrl, targets] = await Promise.all([postgres.newDatabase(), makeTargets(postgres)]);
  Object.assign(env, targetVariables(targets));
  const started = await startServer({
    dataDir: folder.path,
    databaseUrl,
    port: 0,
    host: "127.0.0.1",
    demo: false,
    adminToken,
    env,
    say: () => {},
  });
  if (!started.ok) throw new Error(started.refusal.message);
  server = started.value;
  people = await settle(server.address, clientOf(server.address, adminToken), adminToken, configurationOnServers());
});
afterAll(async () => {
  await server?.close();
  await postgres?.stop();
  folder.remove();
});

const onTarget = async (sql: string, environment: EnvironmentName = "development") =>
  await withClient(targets[environment], async (client) => (await client.query(sql)).rows);

async function columnsOf(table: string): Promise<unknown[]> {
  const rows = await onTarget(
    `SELECT column_name FROM information_schema.columns WHERE table_name = '${table}' ORDER BY 1`,
  );
  return rows.map((row) => row.column_name);
}

/** A request as anybody could send it, typed or not. */
interface Sent {
  readonly what: string;
  readonly who: Handle | null;
  readonly send: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly status: number;
  readonly code: string;
  /** Where the problem is, as the answer names it. */
  readonly pointer?: string;
}

async function refusalTo({ who, send, body, headers = {} }: Sent): Promise<Problem> {
  const [method, path] = send.split(" ") as [string, string];
  const response = await fetch(`${server.address}${path}`, {
    method,
    headers: {
      ...(who === null ? {} : { authorization: `Bearer ${people[who].token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Problem;
  expect({ status: response.status, type: response.headers.get("content-type"), answer }).toEqual({
    status: answer.status,
    type: expect.stringContaining("application/problem+json"),
    answer: expect.objectContaining({
      code: expect.any(String),
      detail: expect.stringMatching(/\w.*[.!?:)]$/s),
      hint: expect.stringMatching(/\w/),
    }),
  });
  return answer;
}

/** Sends each, sees what it is refused with, and that nothing is stored afterwards that was not before. */
async function allRefused(requests: readonly Sent[]): Promise<void> {
  const before = await storedState(databaseUrl);
  const answers: object[] = [];
  for (const request of requests) {
    const { status, code, place, problems = [] } = await refusalTo(request);
    const pointers = [place?.pointer, ...problems.map((problem) => problem.place?.pointer)];
    const pointer =
      request.pointer === undefined ? {} : { pointer: pointers.find((one) => one === request.pointer) ?? pointers };
    answers.push({ what: request.what, status, code, ...pointer });
  }
  expect(answers).toEqual(
    requests.map(({ what, status, code, pointer }) => ({
      what,
      status,
      code,
      ...(pointer === undefined ? {} : { pointer }),
    })),
  );
  expect(await storedState(databaseUrl)).toEqual(before);
}

describe("bad input is refused at the door, with code, sentence and hint, and nothing is stored", () => {
  let draft: string;
  let submitted: string;
  let approved: Road;

  beforeAll(async () => {
    const created = await people.rosa.ask("changes.create", { body: wish({ artifacts: [handwork("look")] }) });
    draft = `/api/changes/${created.number}`;
    submitted = `/api/changes/${(await Road.begin(people, { artifacts: [handwork("look")] })).number}`;
    approved = await Road.begin(people, { artifacts: [handwork("look")] });
    await approved.untilApproved();
  });

  test("missing fields, wrong types, what is not there, what is not JSON", async () => {
    const { fields } = wish({ artifacts: [] });
    const create = (body: unknown) => ({ who: "rosa" as const, send: "POST /api/changes", body });
    const form = { status: 422, code: "FORM_INVALID" };
    const input = { status: 422, code: "INPUT_INVALID" };
    const step = `POST ${submitted}/steps/templates`;
    await allRefused([
      { what: "no body", ...create({}), ...input, pointer: "/fields" },
      { what: "fields of a wrong kind", ...create({ fields: 7 }), ...input, pointer: "/fields" },
      { what: "a member nobody knows", ...create({ fields, colour: "red" }), ...input, pointer: "/colour" },
      {
        what: "a field of a wrong kind",
        ...create({ fields: { ...fields, title: 7 } }),
        ...form,
        pointer: "/fields/title",
      },
      {
        what: "a field nobody knows",
        ...create({ fields: { ...fields, colour: "red" } }),
        ...form,
        pointer: "/fields/colour",
      },
      {
        what: "a type nobody knows",
        ...create({ fields: { ...fields, type: "wish" } }),
        ...form,
        pointer: "/fields/type",
      },
      {
        what: "a component nobody knows",
        ...create({ fields: { ...fields, components: ["moon"] } }),
        ...form,
        pointer: "/fields/components",
      },
      {
        what: "submitted with nothing filled in",
        ...create({ fields: { type: "add-field" }, submit: true }),
        ...form,
        pointer: "/fields/title",
      },
      {
        what: "a process nobody knows",
        ...create({ fields, process: "magic" }),
        status: 409,
        code: "PROCESS_UNKNOWN",
        pointer: "/process",
      },
      { what: "an artifact of no kind", ...create({ fields, artifacts: [{ kind: "magic" }] }), ...input },
      {
        what: "two artifacts of one id",
        ...create({ fields, artifacts: [handwork("a"), handwork("a")] }),
        status: 409,
        code: "ARTIFACT_TWICE",
        pointer: "/artifacts/1/id",
      },
      { what: "not JSON", ...create("{ fields: "), status: 400, code: "JSON_INVALID" },
      { what: "no such change", who: "rosa", send: "GET /api/changes/CHG-99999", status: 404, code: "CHANGE_UNKNOWN" },
      { what: "no such id", who: "rosa", send: `GET /api/changes/${UNKNOWN_ID}`, status: 404, code: "CHANGE_UNKNOWN" },
      {
        what: "an id that is none",
        who: "rosa",
        send: "GET /api/changes/'%20OR%201=1",
        status: 404,
        code: "CHANGE_UNKNOWN",
      },
      {
        what: "no such deployment",
        who: "olga",
        send: `GET /api/deployments/${UNKNOWN_ID}`,
        status: 404,
        code: "NOT_FOUND",
      },
      {
        what: "no such step",
        who: "dev",
        send: `POST ${submitted}/steps/dance`,
        body: {},
        status: 404,
        code: "STEP_UNKNOWN",
      },
      {
        what: "no such environment",
        who: "olga",
        send: `POST /api/changes/${approved.number}/deploy`,
        body: { environment: "moon" },
        status: 409,
        code: "ENVIRONMENT_UNKNOWN",
        pointer: "/environment",
      },
      {
        what: "no such person",
        who: "admin",
        send: "POST /api/tokens",
        body: { name: "t", user: "zoe" },
        status: 409,
        code: "PERSON_UNKNOWN",
      },
      {
        what: "evidence of no kind",
        who: "dev",
        send: step,
        body: { evidence: [{ kind: "rumour", value: "x" }] },
        ...input,
        pointer: "/evidence/0/kind",
      },
      {
        what: "a step of a later stage",
        who: "dev",
        send: step,
        body: { evidence: [{ kind: "note", value: "x" }] },
        status: 409,
        code: "STEP_NOT_IN_STAGE",
      },
      {
        what: "an assessment without words",
        who: "dev",
        send: `POST ${submitted}/assess`,
        body: { impact: "" },
        ...input,
        pointer: "/impact",
      },
      {
        what: "a vote without a decision",
        who: "lena",
        send: `POST ${submitted}/approve`,
        body: { contentHash: "x" },
        ...input,
        pointer: "/decision",
      },
      {
        what: "a list with no such cursor",
        who: "rosa",
        send: "GET /api/changes?cursor=nowhere",
        status: 422,
        code: "CURSOR_INVALID",
      },
      {
        what: "a list of a wrong length",
        who: "rosa",
        send: "GET /api/changes?limit=1000000",
        ...input,
        pointer: "/query/limit",
      },
      { what: "no such path", who: "rosa", send: "GET /api/chances", status: 404, code: "NOT_FOUND" },
    ]);
  });

  test("nobody, somebody whose token is not valid, somebody without the role for each act", async () => {
    const road = `/api/changes/${approved.number}`;
    const vote = { decision: "approve", contentHash: (await approved.now()).contentHash };
    const reason = { reason: "Because." };
    const acts: [Handle, string, unknown?][] = [
      ["audrey", "POST /api/changes", wish({ artifacts: [] })],
      ["bora", `PATCH ${draft}`, { fields: { title: "Mine" } }],
      ["bora", `POST ${draft}/submit`, {}],
      ["rosa", `POST ${submitted}/assess`, { impact: "None." }],
      ["rosa", `POST ${submitted}/steps/templates`, { evidence: [] }],
      ["bora", `POST ${submitted}/steps`, { title: "Dance" }],
      ["dev", `POST ${submitted}/cancel`, reason],
      ["admin", `POST ${road}/approve`, vote],
      ["audrey", `POST ${road}/approve`, vote],
      ["dev", `POST ${road}/deploy`, { environment: "development" }],
      ["archie", `POST ${road}/rollback`, { environment: "development", ...reason }],
      ["rosa", `POST ${road}/sign-off`, { step: "look:look" }],
      ["bora", `POST ${road}/rework`, reason],
      ["audrey", `POST ${road}/close`, {}],
      ["rosa", `POST ${road}/reports`, { kind: "tests", commit: "4f2a9c1", passed: 1, failed: 0 }],
      ["dev", "POST /api/environments/development/baseline", reason],
      ["rosa", "GET /api/audit"],
      ["olga", "GET /api/audit/export"],
      ["lena", "POST /api/users", { handle: "zoe", name: "Zoe" }],
      ["lena", "PATCH /api/users/lena", { roles: ["administrator"] }],
      ["lena", "POST /api/teams", { name: "mine" }],
      ["lena", "POST /api/teams/architecture/members", { user: "lena" }],
      ["lena", "POST /api/tokens", { name: "t", user: "admin" }],
      ["lena", "POST /api/links", { user: "admin" }],
      ["lena", "POST /api/config", { text: "workspace: mine" }],
      ["dev", "GET /api/jobs/dead"],
      ["olga", "GET /api/backup"],
    ];
    await allRefused([
      { what: "nobody", who: null, send: "GET /api/changes", status: 401, code: "NOT_SIGNED_IN" },
      {
        what: "a token that is none",
        who: null,
        send: "GET /api/changes",
        headers: { authorization: "Bearer cm_token_guess" },
        status: 401,
        code: "TOKEN_INVALID",
      },
      ...acts.map(([who, send, body]) => ({
        what: `${who} ${send}`,
        who,
        send,
        body,
        status: 403,
        code: "NOT_ALLOWED",
      })),
    ]);
  });

  test("one's own change, a stale version, content that was edited since, a key that was used for something else, no back door", async () => {
    const now = await approved.now();
    const road = `/api/changes/${approved.number}`;
    const vote = { decision: "approve", contentHash: now.contentHash };
    const stale = { "if-match": `"${now.version - 1}"` };
    await people.rosa.ask("changes.comment", {
      params: approved.params,
      body: { text: "Used once." },
      idempotencyKey: "used",
    });
    const needed = { status: 422, code: "INPUT_INVALID" };
    await allRefused([
      { what: "own change", who: "rosa", send: `POST ${road}/approve`, body: vote, status: 403, code: "OWN_CHANGE" },
      {
        what: "own change by PUT status",
        who: "rosa",
        send: `PUT ${road}/status`,
        body: { status: "approved", contentHash: now.contentHash },
        status: 403,
        code: "OWN_CHANGE",
      },
      {
        what: "not one's approval to give",
        who: "bora",
        send: `POST ${road}/approve`,
        body: vote,
        status: 403,
        code: "NOT_AN_APPROVER",
      },
      {
        what: "a second vote",
        who: "lena",
        send: `POST ${road}/approve`,
        body: vote,
        status: 409,
        code: "ALREADY_VOTED",
      },
      {
        what: "a rejection without a word",
        who: "quinn",
        send: `POST ${road}/approve`,
        body: { ...vote, decision: "reject" },
        status: 422,
        code: "COMMENT_REQUIRED",
      },
      {
        what: "a vote on other content",
        who: "quinn",
        send: `POST ${road}/approve`,
        body: { ...vote, contentHash: "0".repeat(64) },
        status: 412,
        code: "CONTENT_CHANGED",
        pointer: "/contentHash",
      },
      {
        what: "a stale version",
        who: "rosa",
        send: `PATCH ${road}`,
        body: { fields: { title: "Late" } },
        headers: stale,
        status: 412,
        code: "STALE_VERSION",
      },
      {
        what: "a stale version at a vote",
        who: "quinn",
        send: `POST ${road}/approve`,
        body: vote,
        headers: stale,
        status: 412,
        code: "STALE_VERSION",
      },
      {
        what: "a version that is none",
        who: "rosa",
        send: `PATCH ${road}`,
        body: { fields: { title: "Odd" } },
        headers: { "if-match": "latest" },
        status: 422,
        code: "INPUT_INVALID",
      },
      {
        what: "somebody else's change",
        who: "archie",
        send: `PATCH ${road}`,
        body: { fields: { title: "Ours" } },
        status: 403,
        code: "NOT_YOURS",
      },
      {
        what: "a used key",
        who: "rosa",
        send: `POST ${road}/comments`,
        body: { text: "Other." },
        headers: { "idempotency-key": "used" },
        status: 422,
        code: "IDEMPOTENCY_KEY_REUSED",
      },
      {
        what: "the second environment first",
        who: "olga",
        send: `POST ${road}/deploy`,
        body: { environment: "staging" },
        status: 409,
        code: "PREVIOUS_ENVIRONMENT",
      },
      {
        what: "the same by PUT status",
        who: "olga",
        send: `PUT ${road}/status`,
        body: { status: "deploying", environment: "staging" },
        status: 409,
        code: "PREVIOUS_ENVIRONMENT",
      },
      {
        what: "a deployment to nowhere",
        who: "olga",
        send: `PUT ${road}/status`,
        body: { status: "deploying" },
        ...needed,
        pointer: "/environment",
      },
      {
        what: "a status no act leads to",
        who: "admin",
        send: `PUT ${road}/status`,
        body: { status: "monitoring" },
        status: 409,
        code: "STATUS_NOT_SET",
        pointer: "/status",
      },
      {
        what: "a rollback of nothing",
        who: "olga",
        send: `POST ${road}/rollback`,
        body: { environment: "development", reason: "r" },
        status: 409,
        code: "NOT_DEPLOYED",
      },
      {
        what: "closing what was never deployed",
        who: "lena",
        send: `POST ${road}/close`,
        body: {},
        status: 409,
        code: "NO_TRANSITION",
      },
      {
        what: "deploying a draft",
        who: "olga",
        send: `POST ${draft}/deploy`,
        body: { environment: "development" },
        status: 409,
        code: "NO_TRANSITION",
      },
      {
        what: "another configuration without a change",
        who: "admin",
        send: "POST /api/config",
        body: { text: configurationOnServers("") },
        status: 409,
        code: "CONFIG_CHANGE_NEEDED",
      },
      {
        what: "a configuration with a password",
        who: "admin",
        send: "POST /api/config",
        body: { text: "workspace: w\nenvironments:\n  - name: e\n    database: postgres://u:p@h/d\n" },
        status: 422,
        code: "SECRET_IN_CONFIGURATION",
      },
    ]);
  });

  test("nobody votes on or deploys their own change, whatever their roles", async () => {
    const { olga, lena } = people;
    const own = await olga.ask("changes.create", {
      body: { ...wish({ artifacts: [handwork("look")] }), submit: true },
    });
    const params = { id: own.number };
    const refusal = await refusalOf(olga.ask("changes.deploy", { params, body: { environment: "development" } }));
    expect(refusal).toMatchObject({ code: "OWN_CHANGE", status: 403 });
    const { acts } = await olga.ask("changes.get", { params });
    expect(acts.find(({ act }) => act === "deploy:development")).toMatchObject({ allowed: false, code: "OWN_CHANGE" });
    expect(await lena.ask("changes.get", { params })).toMatchObject({ version: own.version, votes: [] });
  });
});

describe("SQL that does not hold", () => {
  test.each([
    [
      "cannot be read",
      "ALTER TABLE users ADD COLUMN fine text;\nALTER TABEL users ADD COLUMN typo text;",
      /line 2\b.*TABEL/,
    ],
    [
      "names what is not there",
      "ALTER TABLE users ADD COLUMN fine text;\n\nALTER TABLE nowhere ADD COLUMN x text;",
      /line 3\b.*nowhere/,
    ],
  ])("fails in rehearsal when it %s, with its line, and goes no further", async (_, up, words) => {
    const road = await Road.begin(people, { artifacts: [migration("bad", up, null)] });
    await road.assess();
    const stuck = await road.completeUntil("validating");
    const validation = await until(
      "the rehearsal has ended",
      () => people.dev.ask("changes.validation", { params: road.params }),
      ({ rehearsals }) => rehearsals.length > 0,
    );
    expect(validation.result).toBe("failed");
    expect(validation.checks.find(({ id }) => id === "rehearsal:bad:up")).toMatchObject({
      result: "failed",
      message: expect.stringMatching(words),
      hint: expect.stringMatching(/\w/),
    });
    const after = await road.now();
    expect(after).toMatchObject({ status: "validating", stage: stuck.stage });
    const { contentHash } = after;
    const { lena, olga } = people;
    expect(
      await refusalOf(lena.ask("changes.vote", { params: road.params, body: { decision: "approve", contentHash } })),
    ).toMatchObject({ code: "WRONG_STAGE" });
    expect(
      await refusalOf(olga.ask("changes.deploy", { params: road.params, body: { environment: "development" } })),
    ).toMatchObject({ code: "NO_TRANSITION" });
    expect(await columnsOf("users")).not.toContain("fine");
  });

  test("fails only on the target when rows there break its rule: nothing of it is left, and it works once the rows are right", async () => {
    await onTarget("INSERT INTO users (name, email) VALUES ('Forbidden', 'forbidden@shop.example')");
    const up =
      "ALTER TABLE users ADD COLUMN halfway text;\nALTER TABLE users ADD CONSTRAINT allowed CHECK (name <> 'Forbidden');";
    const road = await Road.begin(people, {
      fields: BREAKING,
      artifacts: [
        migration("halfway", up, "ALTER TABLE users DROP CONSTRAINT allowed;\nALTER TABLE users DROP COLUMN halfway;"),
      ],
    });
    await road.untilApproved();
    const end = await road.deploy("development");
    expect(end).toMatchObject({
      state: "failed",
      targetState: expect.stringContaining("Nothing of this migration is on the target"),
      refusal: {
        code: "MIGRATION_FAILED",
        message: expect.stringMatching(/statement 2 of 2.*line 2.*allowed/i),
        hint: expect.stringMatching(/\w/),
        place: { file: "halfway.sql", line: 2 },
        details: { sqlstate: "23514", constraint: "allowed" },
      },
    });
    expect(await columnsOf("users")).not.toContain("halfway");
    expect(await onTarget("SELECT 1 FROM change_mgmt_ledger.applied WHERE artifact_id = 'halfway'")).toEqual([]);
    const failed = await road.now();
    expect(failed).toMatchObject({ status: "failed" });
    expect(failed.environments[0]).toMatchObject({ environment: "development", state: "not-deployed" });

    await onTarget("UPDATE users SET name = 'Allowed' WHERE name = 'Forbidden'");
    await road.deployed("development");
    expect(await columnsOf("users")).toContain("halfway");
    expect(await road.now()).toMatchObject({ status: "approved" });
    expect(
      (await people.audrey.ask("changes.deployments", { params: road.params })).items.map(({ state }) => state),
    ).toEqual(["succeeded", "failed"]);
  });

  test("fails outside a transaction without leaving the half of it behind", async () => {
    await onTarget(
      "INSERT INTO users (name, email) VALUES ('Twin', 'one@twins.example'), ('Twin', 'two@twins.example')",
    );
    const index = migration(
      "names-once",
      "CREATE UNIQUE INDEX CONCURRENTLY names_once ON users (name);",
      "DROP INDEX CONCURRENTLY names_once;",
      { transactional: false },
    );
    const road = await Road.begin(people, { fields: { ...BREAKING, type: "index" }, artifacts: [index] });
    await road.untilApproved();
    const end = await road.deploy("development");
    expect(end).toMatchObject({
      state: "failed",
      refusal: { code: "MIGRATION_FAILED", place: { line: 1 }, details: { sqlstate: "23505" } },
    });
    expect(end.targetState).toMatch(/\w/);
    expect(await onTarget("SELECT 1 FROM pg_class WHERE relname = 'names_once'")).toEqual([]);
    await onTarget("DELETE FROM users WHERE name = 'Twin' AND email LIKE 'two@%'");
    await road.deployed("development");
    expect(await onTarget("SELECT indisvalid FROM pg_index WHERE indexrelid = 'names_once'::regclass")).toEqual([
      { indisvalid: true },
    ]);
  });
});

describe("targets that are not as they should be", () => {
  async function approvedColumn(name: string): Promise<Road> {
    const road = await Road.begin(people, {
      artifacts: [
        migration(name, `ALTER TABLE users ADD COLUMN ${name} text;`, `ALTER TABLE users DROP COLUMN ${name};`),
      ],
    });
    await road.untilApproved();
    return road;
  }
  /** What the steps of a deployment say for themselves. */
  const said = ({ steps }: { steps: readonly { message: string | null }[] }) =>
    steps.map(({ message }) => message ?? "").join("\n");

  test("unreachable: it says so and tries again; stopped meanwhile, nothing was done; reachable again, it ends by itself", async () => {
    const name = variable("development");
    const road = await approvedColumn("reached");
    env[name] = NOBODY_THERE;
    const stopped = await road.requestDeployment("development");
    const look = (id: string) => () => people.audrey.ask("deployments.get", { params: { id } });
    const unreached = await until("it has tried", look(stopped.id), (now) => said(now).includes("tried again"));
    expect(JSON.stringify(unreached)).toContain("127.0.0.1:9");
    expect(JSON.stringify(unreached)).not.toContain("nothing@");
    expect(
      await refusalOf(
        people.olga.ask("environments.baseline", { params: { name: "development" }, body: { reason: "Try." } }),
      ),
    ).toMatchObject({ code: "TARGET_UNREACHABLE", status: 503 });
    await people.olga.ask("deployments.cancel", { params: { id: stopped.id }, body: { reason: "Nobody there." } });
    expect(await road.ended(stopped)).toMatchObject({
      state: "cancelled",
      targetState: expect.stringMatching(/^Nothing/),
      refusal: { code: "DEPLOYMENT_CANCELLED" },
    });

    const again = await road.requestDeployment("development");
    await until("it has tried", look(again.id), (now) => said(now).includes("tried again"));
    env[name] = targets.development;
    expect(await road.ended(again)).toMatchObject({ state: "succeeded" });
    expect(await columnsOf("users")).toContain("reached");
  });

  test("locked by somebody: it says by whom and tries again until the lock is gone", async () => {
    const road = await approvedColumn("unlocked");
    await withClient(targets.development, async (holder) => {
      await holder.query("BEGIN");
      await holder.query("LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
      const { rows } = await holder.query("SELECT pg_backend_pid() AS pid");
      const deployment = await road.requestDeployment("development");
      const held = await until(
        "it has tried",
        () => people.audrey.ask("deployments.get", { params: { id: deployment.id } }),
        (now) => said(now).includes("tried again"),
      );
      expect(said(held)).toContain(`process ${rows[0].pid}`);
      expect(["requested", "running"]).toContain(held.state);
      await holder.query("ROLLBACK");
      expect(await road.ended(deployment)).toMatchObject({ state: "succeeded" });
    });
    expect(await columnsOf("users")).toContain("unlocked");
  });

  test("changed by hand: TARGET_DRIFTED names what; after a look it is taken for the known schema, and the change goes on", async () => {
    const road = await approvedColumn("afterdrift");
    await onTarget("ALTER TABLE orders ADD COLUMN by_hand integer");
    const end = await road.deploy("development");
    expect(end).toMatchObject({
      state: "failed",
      targetState: expect.stringMatching(/^Nothing/),
      refusal: { code: "TARGET_DRIFTED", message: expect.stringContaining("by_hand") },
    });
    expect(await columnsOf("users")).not.toContain("afterdrift");
    const again = await road.deploy("development");
    expect(again).toMatchObject({ state: "failed", refusal: { code: "TARGET_DRIFTED" } });

    await people.olga.ask("environments.baseline", {
      params: { name: "development" },
      body: { reason: "Added in the night of the outage." },
    });
    await road.deployed("development");
    expect(await columnsOf("users")).toContain("afterdrift");
    expect(await columnsOf("orders")).toContain("by_hand");
  });
});

test("the trail of all that is whole", async () => {
  const { entries } = await wholeTrail(people.audrey, publicKeysOf(folder.path));
  const refused = new Set(entries.filter(({ outcome }) => outcome === "refused").map(({ details }) => details.code));
  for (const code of ["FORM_INVALID", "NOT_ALLOWED", "OWN_CHANGE", "STALE_VERSION", "CONTENT_CHANGED", "NO_TRANSITION"])
    expect(refused).toContain(code);
});
