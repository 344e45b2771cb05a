import type { Artifact } from "@change-mgmt/domain/change/change.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { PlannedStep, StepContext, StepResult } from "../../artifacts/artifact.ts";
import type { Targets } from "../../assets/databases/target.ts";
import { watchCrossings } from "../../storage/crossing.ts";
import { Fenced } from "../../storage/journal.ts";
import { releaseLease, takeLease } from "../../storage/leases.ts";
import type { Store } from "../../storage/store.ts";
import { accepted, aSmallWorkspace, refused, type SmallWorkspace } from "../../testing/small-workspace.ts";
import { newEmbeddedStore } from "../../testing/stores.ts";
import { loadDeployments } from "../change-queries.ts";
import { viewChange } from "../change-view.ts";
import { editChange } from "../requests/edit-change.ts";
import { pauseDeployment, resumeDeployment } from "./pause-deployment.ts";
import { requestDeployment } from "./request-deployment.ts";
import { requestRollback } from "./request-rollback.ts";
import { runDeployment, StepToRetry } from "./run-deployment.ts";
import { signOffStep, stopDeployment } from "./stop-deployment.ts";

let store: Store;
let workspace: SmallWorkspace;
/** Steps as they ran. */
let ran: string[];
/** What a step does when it runs; done where nothing is said. */
let does: Record<string, (context: StepContext) => StepResult | Promise<StepResult>>;
let environments = 0;
let environment: string;

beforeAll(async () => {
  store = await newEmbeddedStore();
  workspace = await aSmallWorkspace(store);
});

afterAll(() => store?.close());

beforeEach(async () => {
  ran = [];
  does = {};
  environment = `environment-${++environments}`;
  await workspace.configure([{ name: environment, database: "embedded:nowhere" }]);
});

const noTarget = async () => refuse("TARGET_UNREACHABLE", "No target here.", "Give one.");
const nowhere: Targets = { open: noTarget, remove: noTarget };
const running = new AbortController().signal;
const two: Artifact[] = ["a", "b"].map((id) => ({
  kind: "manual",
  id,
  name: id,
  steps: [{ id: "apply", title: "Do it", undo: "Undo it" }],
}));

/** Three steps: what is to be applied, something after it, and a step of the engine's own. */
function fakeSteps(artifacts: readonly Artifact[]): PlannedStep[] {
  const ids = [...artifacts.flatMap(({ id }) => [`${id}:apply`, `${id}:verify`]), "look"];
  return ids.map((id) => ({
    id,
    title: `Step ${id}`,
    async run(context) {
      ran.push(id);
      return (await does[id]?.(context)) ?? { state: "done", output: { by: id } };
    },
  }));
}

async function requested(
  artifacts: readonly Artifact[] = two.slice(0, 1),
): Promise<{ change: string; deployment: string }> {
  const change = await workspace.submitted(artifacts);
  const outcome = await workspace.door.execute(
    requestDeployment,
    { id: change, environment },
    { actor: workspace.people.lena },
  );
  return { change, deployment: accepted(outcome).deployment };
}

async function run(deployment: string, { lastTry = false, stop = running, leaseMs = 15_000 } = {}): Promise<void> {
  const { door } = workspace;
  const plan = async (_db: unknown, { artifacts }: { artifacts: readonly Artifact[] }) => accept(fakeSteps(artifacts));
  await runDeployment({ db: store.db, door, targets: nowhere, plan, leaseMs }, deployment, stop, lastTry);
}

const look = (deployment: string) =>
  store.db.selectFrom("deployments").selectAll().where("id", "=", deployment).executeTakeFirstOrThrow();

const journal = async (deployment: string) =>
  Object.fromEntries(
    (await store.db.selectFrom("deployment_steps").selectAll().where("deployment_id", "=", deployment).execute()).map(
      ({ step, state }) => [step, state],
    ),
  );

async function standing(change: string): Promise<string | undefined> {
  const row = await store.db
    .selectFrom("change_environments")
    .select("state")
    .where("change_id", "=", change)
    .where("environment", "=", environment)
    .executeTakeFirst();
  return row?.state;
}

const eventsOf = async (change: string) =>
  (
    await store.db.selectFrom("audit_trail").select("action").where("change_id", "=", change).orderBy("id").execute()
  ).map(({ action }) => action);

const no = refuse("NO", "It did not work.", "Mend it.").refusal;
const failing = (more: Partial<Extract<StepResult, { state: "failed" }>> = {}): StepResult => ({
  state: "failed",
  refusal: no,
  targetState: "As before.",
  retryable: false,
  ...more,
});

test("steps run in order, each once, and the change moves on when all are done", async () => {
  const { change, deployment } = await requested();
  await run(deployment);
  expect(ran).toEqual(["a:apply", "a:verify", "look"]);
  expect(await look(deployment)).toMatchObject({ state: "succeeded", attempt: 1, refusal: null });
  expect(await standing(change)).toBe("deployed");
  expect(await eventsOf(change)).toContain("deployment.succeeded");
  await run(deployment);
  expect(ran).toHaveLength(3);
});

const STEPS = ["a:apply", "a:verify", "look"];

test.each(STEPS)("killed in step %s it goes on there, and does nothing again that was done", async (killedIn) => {
  const { change, deployment } = await requested();
  does[killedIn] = () => {
    delete does[killedIn];
    // Leaves everything as a killed process would: the step written down as running, and nothing after it.
    throw new Fenced("killed", 0);
  };
  await run(deployment);
  expect(await look(deployment)).toMatchObject({ state: "running" });
  expect((await journal(deployment))[killedIn]).toBe("running");
  await run(deployment);
  expect(ran.filter((step) => step !== killedIn)).toEqual(STEPS.filter((step) => step !== killedIn));
  expect(ran.filter((step) => step === killedIn)).toHaveLength(2);
  expect(await look(deployment)).toMatchObject({ state: "succeeded", attempt: 2 });
  expect((await eventsOf(change)).filter((event) => event === "deployment.succeeded")).toHaveLength(1);
});

test("later steps are given what earlier ones put out, in a later attempt too", async () => {
  const { deployment } = await requested();
  const given: unknown[] = [];
  does.look = ({ earlier }) => {
    given.push(earlier);
    if (given.length === 1) throw new Fenced("killed", 0);
    return { state: "done" };
  };
  await run(deployment);
  await run(deployment);
  const outputs = { "a:apply": { by: "a:apply" }, "a:verify": { by: "a:verify" } };
  expect(given).toEqual([outputs, outputs]);
});

test("who was taken for dead stops at its next write, and changes nothing more", async () => {
  const { change, deployment } = await requested();
  does["a:apply"] = async () => {
    delete does["a:apply"];
    await store.pool.query("UPDATE change_mgmt.leases SET expires_at = now() - interval '1 second'");
    await run(deployment);
    return { state: "done", output: "too late" };
  };
  await run(deployment);
  expect(ran).toEqual(["a:apply", ...STEPS]);
  expect(await look(deployment)).toMatchObject({ state: "succeeded", attempt: 2 });
  const step = await store.db
    .selectFrom("deployment_steps")
    .select("output")
    .where("deployment_id", "=", deployment)
    .where("step", "=", "a:apply")
    .executeTakeFirst();
  expect(step?.output).toEqual({ by: "a:apply" });
  expect((await eventsOf(change)).filter((event) => event.startsWith("deployment."))).toEqual([
    "deployment.requested",
    "deployment.succeeded",
  ]);
});

test("nothing happens while somebody else has the environment in hand", async () => {
  const { deployment } = await requested();
  await takeLease(store.db, `environment:${environment}`, "somebody else", 60_000);
  await run(deployment);
  expect(ran).toEqual([]);
  expect(await look(deployment)).toMatchObject({ state: "requested", attempt: 0 });
  await releaseLease(store.db, `environment:${environment}`, "somebody else");
  await run(deployment);
  expect(await look(deployment)).toMatchObject({ state: "succeeded", attempt: 1 });
});

async function stop(change: string, deployment: string): Promise<void> {
  const input = { id: change, deployment, reason: "wrong day" };
  accepted(await workspace.door.execute(stopDeployment, input, { actor: workspace.people.olga }));
}

test("stopped before it began, nothing is done", async () => {
  const { change, deployment } = await requested();
  await stop(change, deployment);
  await run(deployment);
  expect(ran).toEqual([]);
  expect(await look(deployment)).toMatchObject({
    state: "cancelled",
    target_state: "Nothing was done to the target.",
    refusal: { code: "DEPLOYMENT_CANCELLED", message: "olga stopped it: wrong day" },
  });
  expect(await standing(change)).toBe("not-deployed");
  const again = await workspace.door.execute(
    stopDeployment,
    { id: change, deployment, reason: "x" },
    { actor: workspace.people.olga },
  );
  expect(refused(again).code).toBe("DEPLOYMENT_ENDED");
});

test("stopped while a step runs, the step is told, and what is done stays named", async () => {
  const { change, deployment } = await requested();
  does["a:verify"] = async ({ signal }) => {
    const told = new Promise((resolve) => signal.addEventListener("abort", resolve));
    await stop(change, deployment);
    await told;
    return failing({ retryable: true, targetState: "It is half verified." });
  };
  await run(deployment, { leaseMs: 300 });
  expect(await look(deployment)).toMatchObject({
    state: "cancelled",
    target_state: "It is half verified.",
    refusal: { code: "DEPLOYMENT_CANCELLED" },
  });
  expect(await standing(change)).toBe("failed");
  expect(ran).toEqual(["a:apply", "a:verify"]);
});

test("a step that waits for a person lets go; signed off it goes on, stopped it ends", async () => {
  const waits = ({ signOffs }: StepContext): StepResult =>
    signOffs["b:apply"] ? { state: "done", output: signOffs["b:apply"].by } : { state: "waiting", message: "Do it." };
  does["b:apply"] = waits;
  const { change, deployment } = await requested(two);
  const sign = (step: string) =>
    workspace.door.execute(signOffStep, { id: change, step, note: "done" }, { actor: workspace.people.ben });
  expect(refused(await sign("b:apply")).code).toBe("STEP_UNKNOWN");
  await run(deployment);
  expect(await look(deployment)).toMatchObject({ state: "waiting" });
  expect(ran).toEqual(["a:apply", "a:verify", "b:apply"]);
  expect(refused(await sign("a:apply")).code).toBe("STEP_UNKNOWN");
  await run(deployment);
  expect(await look(deployment)).toMatchObject({ state: "waiting" });
  accepted(await sign("b:apply"));
  await run(deployment);
  expect(await look(deployment)).toMatchObject({ state: "succeeded" });
  expect(ran.filter((step) => step === "a:apply")).toHaveLength(1);

  does["b:apply"] = waits;
  environment = `environment-${++environments}`;
  await workspace.configure([{ name: environment, database: "embedded:nowhere" }]);
  const other = await requested(two);
  await run(other.deployment);
  await stop(other.change, other.deployment);
  await run(other.deployment);
  expect(await look(other.deployment)).toMatchObject({
    state: "cancelled",
    target_state: "Stopped between two steps; done are: a:apply, a:verify.",
  });
  expect(await standing(other.change)).toBe("failed");
});

const act = (command: typeof pauseDeployment | typeof resumeDeployment, id: string, deployment: string, by = "olga") =>
  workspace.door.execute(
    command as typeof pauseDeployment,
    { id, deployment, reason: "Rush hour" },
    { actor: workspace.people[by as "olga"] },
  );

test("paused between two steps it waits for nobody but whoever lets it go on, and does nothing twice", async () => {
  const { change, deployment } = await requested();
  expect(refused(await act(pauseDeployment, change, deployment, "rosa")).code).toBe("NOT_ALLOWED");
  expect(refused(await act(resumeDeployment, change, deployment)).code).toBe("DEPLOYMENT_NOT_PAUSED");
  does["a:apply"] = async () => {
    accepted(await act(pauseDeployment, change, deployment));
    return { state: "done" };
  };
  await run(deployment);
  expect(await look(deployment)).toMatchObject({ state: "waiting", paused_by: "olga", pause_reason: "Rush hour" });
  expect(await journal(deployment)).toEqual({ "a:apply": "done", "a:verify": "pending", look: "pending" });
  expect(refused(await act(pauseDeployment, change, deployment)).code).toBe("DEPLOYMENT_PAUSED");
  await run(deployment);
  expect(ran).toEqual(["a:apply"]);
  accepted(await act(resumeDeployment, change, deployment));
  expect(await look(deployment)).toMatchObject({ state: "running", paused_by: null });
  await run(deployment);
  expect(ran).toEqual(STEPS);
  expect(await look(deployment)).toMatchObject({ state: "succeeded" });
  expect(await eventsOf(change)).toEqual(
    expect.arrayContaining(["deployment.pause-requested", "deployment.resumed", "deployment.succeeded"]),
  );
  expect(refused(await act(pauseDeployment, change, deployment)).code).toBe("DEPLOYMENT_ENDED");
  expect(refused(await act(pauseDeployment, change, change)).code).toBe("NOT_FOUND");
});

const halfway = { done: 300, about: 1000, written: 300, perSecond: null, secondsLeft: null };

test("a step in batches ends between two of them, shows how far it is, and goes on there", async () => {
  const { change, deployment } = await requested();
  let wanted = false;
  does["a:apply"] = async (context) => {
    await context.progress(halfway);
    accepted(await act(pauseDeployment, change, deployment));
    // The worker looks for it while it renews its lease.
    await expect.poll(() => context.pauseWanted(), { timeout: 20_000 }).toBe(true);
    wanted = true;
    delete does["a:apply"];
    return { state: "paused" };
  };
  await run(deployment, { leaseMs: 3000 });
  expect(wanted).toBe(true);
  const [view] = await loadDeployments(store.db, { id: deployment });
  expect(view).toMatchObject({
    state: "waiting",
    paused: { by: "olga", reason: "Rush hour" },
    steps: [{ state: "pending", progress: halfway }, {}, {}],
  });
  accepted(await act(resumeDeployment, change, deployment));
  await run(deployment);
  expect(await look(deployment)).toMatchObject({ state: "succeeded" });
});

test("let go on before it came to the pause, it does not stop at all", async () => {
  const { change, deployment } = await requested();
  does["a:apply"] = async () => {
    accepted(await act(pauseDeployment, change, deployment));
    accepted(await act(resumeDeployment, change, deployment));
    delete does["a:apply"];
    return { state: "paused" };
  };
  await run(deployment);
  expect(ran).toEqual(["a:apply", ...STEPS]);
  expect(await look(deployment)).toMatchObject({ state: "succeeded", attempt: 1 });
});

test("stopped while it is paused, it says how many rows stay on the target", async () => {
  const { change, deployment } = await requested();
  does["a:apply"] = async (context) => {
    await context.progress(halfway);
    accepted(await act(pauseDeployment, change, deployment));
    return { state: "paused" };
  };
  await run(deployment);
  accepted(
    await workspace.door.execute(
      stopDeployment,
      { id: change, deployment, reason: "Enough" },
      { actor: workspace.people.olga },
    ),
  );
  await run(deployment);
  expect(await look(deployment)).toMatchObject({
    state: "cancelled",
    target_state: expect.stringContaining("had gone through about 300 rows, which are on the target"),
  });
});

test("what may work another time is tried again by the queue, and fails at the last try", async () => {
  const { change, deployment } = await requested();
  does["a:apply"] = () => failing({ retryable: true });
  await expect(run(deployment)).rejects.toThrow(StepToRetry);
  expect(await look(deployment)).toMatchObject({ state: "running", retry_at: expect.any(Date) });
  expect(await journal(deployment)).toMatchObject({ "a:apply": "pending" });
  await run(deployment, { lastTry: true });
  expect(await look(deployment)).toMatchObject({ state: "failed", refusal: no, target_state: "As before." });
  expect(await standing(change)).toBe("not-deployed");
  expect(await eventsOf(change)).toContain("deployment.failed");
});

test("what worked at a later try leaves nothing to wait for", async () => {
  const { deployment } = await requested();
  does["a:apply"] = () => failing({ retryable: true });
  await expect(run(deployment)).rejects.toThrow(StepToRetry);
  does = {};
  await run(deployment);
  expect(await look(deployment)).toMatchObject({ state: "succeeded", retry_at: null });
});

test("what can never work fails at once", async () => {
  const { deployment } = await requested();
  does["a:apply"] = () => failing();
  await run(deployment);
  expect(await look(deployment)).toMatchObject({ state: "failed", attempt: 1 });
});

test("a step that breaks is given up after ten times; attempts that ended otherwise do not count", async () => {
  const { change, deployment } = await requested();
  does["a:apply"] = () => ({ state: "waiting", message: "Wait." });
  for (let n = 0; n < 12; n++) await run(deployment);
  does["a:apply"] = () => {
    throw new Error("a bug");
  };
  for (let n = 0; n < 9; n++) await expect(run(deployment, { lastTry: true })).rejects.toThrow("a bug");
  expect(await look(deployment)).toMatchObject({ state: "running", attempt: 21 });
  await run(deployment);
  expect(await look(deployment)).toMatchObject({
    state: "failed",
    refusal: { code: "UNEXPECTED", message: '"Step a:apply" broke unexpectedly 10 times: a bug' },
    target_state: expect.stringContaining("not known"),
  });
  expect(await standing(change)).toBe("failed");
});

test.each<[string, string, (step: string) => StepResult, string]>([
  ["a transaction that failed", "a:apply", () => failing(), "not-deployed"],
  ["a transaction whose end nobody knows", "a:apply", () => failing({ uncertain: true }), "failed"],
  ["anything after something was done", "b:apply", () => failing(), "failed"],
  ["a step that is no transaction", "a:verify", () => failing(), "failed"],
])("%s leaves the environment so", async (_what, step, result, expected) => {
  does[step] = () => result(step);
  const { change, deployment } = await requested(two);
  await run(deployment);
  expect(await look(deployment)).toMatchObject({ state: "failed" });
  expect(await standing(change)).toBe(expected);
});

test("a try that was cut off stays in doubt until the target itself has answered", async () => {
  const cutOff = async () => {
    does["a:apply"] = () => {
      throw new Fenced("killed", 0);
    };
    const made = await requested();
    await run(made.deployment);
    return made;
  };
  const unanswered = await cutOff();
  does["a:apply"] = () => failing({ retryable: true });
  await expect(run(unanswered.deployment)).rejects.toThrow(StepToRetry);
  await run(unanswered.deployment, { lastTry: true });
  expect(await standing(unanswered.change)).toBe("failed");
  expect((await look(unanswered.deployment)).target_state).toContain("cut off");

  environment = `environment-${++environments}`;
  await workspace.configure([{ name: environment, database: "embedded:nowhere" }]);
  const answered = await cutOff();
  does["a:apply"] = () => failing();
  await run(answered.deployment);
  expect(await standing(answered.change)).toBe("not-deployed");
  expect(await look(answered.deployment)).toMatchObject({ target_state: "As before." });
});

test("a process that stops hands the deployment on as it is", async () => {
  const { deployment } = await requested();
  const stopping = new AbortController();
  does["a:apply"] = ({ signal }) => {
    stopping.abort();
    expect(signal.aborted).toBe(true);
    return failing({ retryable: true });
  };
  await expect(run(deployment, { stop: stopping.signal, lastTry: true })).rejects.toThrow(StepToRetry);
  expect(await look(deployment)).toMatchObject({ state: "running", retry_at: null });
  does = {};
  await run(deployment);
  expect(await look(deployment)).toMatchObject({ state: "succeeded" });
});

test("what is carried out is what was asked for, whatever is edited or configured since", async () => {
  const { change, deployment } = await requested();
  await workspace.configure([{ name: environment, database: "embedded:elsewhere" }]);
  const edit = { id: change, artifacts: [] };
  expect(refused(await workspace.door.execute(editChange, edit, { actor: workspace.people.rosa })).code).toBe(
    "CONTENT_DEPLOYED",
  );
  let seen: StepContext | undefined;
  does["a:apply"] = (context) => {
    seen = context;
    return { state: "done" };
  };
  await run(deployment);
  expect(seen?.environment).toMatchObject({ name: environment, database: "embedded:nowhere" });
  expect(seen).toMatchObject({ requestedBy: "lena", deploymentId: deployment, attempt: 1 });
  expect(ran).toEqual(STEPS);
});

const rollBack = (change: string) =>
  workspace.door.execute(
    requestRollback,
    { id: change, environment, reason: "it hurts" },
    { actor: workspace.people.olga },
  );

async function planOf(deployment: string) {
  return (await look(deployment)).plan as { artifacts: Artifact[]; of: string | null; continues?: string };
}

test("a rollback takes back what had begun, last one first, and nothing that never had its turn", async () => {
  const three = [...two, { ...two[0]!, id: "c", name: "c" }];
  does["b:apply"] = () => failing();
  const { change, deployment } = await requested(three);
  await run(deployment);
  const back = accepted(await rollBack(change)).deployment;
  expect(await planOf(back)).toMatchObject({ of: deployment, artifacts: [{ id: "b" }, { id: "a" }] });
  does = {};
  await run(back);
  expect(await standing(change)).toBe("rolled-back");
  expect(await look(back)).toMatchObject({ state: "succeeded", direction: "rollback" });
});

test("a rollback that failed may be asked for again, and so may the deployment, which goes on from what is there", async () => {
  const { change, deployment } = await requested(two);
  await run(deployment);
  does["b:apply"] = () => failing();
  const back = accepted(await rollBack(change)).deployment;
  await run(back);
  expect(await standing(change)).toBe("failed");
  expect(await eventsOf(change)).toContain("rollback.failed");

  const again = accepted(await rollBack(change)).deployment;
  expect(await planOf(again)).toMatchObject({ of: deployment, artifacts: [{ id: "b" }, { id: "a" }] });
  await run(again);
  expect(await standing(change)).toBe("failed");

  const request = { actor: workspace.people.lena };
  const forward = accepted(
    await workspace.door.execute(requestDeployment, { id: change, environment }, request),
  ).deployment;
  expect(await planOf(forward)).toMatchObject({ continues: deployment });
  does["a:apply"] = () => failing();
  await run(forward);
  expect(await standing(change)).toBe("failed");
  does = {};
  const last = accepted(await rollBack(change)).deployment;
  expect(await planOf(last)).toMatchObject({ of: deployment, artifacts: [{ id: "b" }, { id: "a" }] });
  await run(last);
  expect(await standing(change)).toBe("rolled-back");
  const fresh = accepted(
    await workspace.door.execute(requestDeployment, { id: change, environment }, request),
  ).deployment;
  expect((await planOf(fresh)).continues).toBeUndefined();
});

test("what came later is rolled back first", async () => {
  const older = await requested();
  await run(older.deployment);
  const newer = await requested();
  await run(newer.deployment);
  const refusal = refused(await rollBack(older.change));
  expect(refusal).toMatchObject({ code: "NEWER_DEPLOYMENT", details: { changes: [expect.stringMatching(/^Q-/)] } });
  await run(accepted(await rollBack(newer.change)).deployment);
  await run(accepted(await rollBack(older.change)).deployment);
  expect([await standing(newer.change), await standing(older.change)]).toEqual(["rolled-back", "rolled-back"]);
});

test("what cannot be asked for is refused with its reason", async () => {
  const ask = (id: string, where = environment) =>
    workspace.door.execute(requestDeployment, { id, environment: where }, { actor: workspace.people.lena });
  const { change, deployment } = await requested();
  const other = await workspace.submitted(two);
  expect(refused(await ask(other))).toMatchObject({ code: "ENVIRONMENT_BUSY", details: { deployment } });
  expect(refused(await rollBack(change)).code).toBe("ENVIRONMENT_BUSY");
  await run(deployment);
  expect(refused(await ask(change)).code).toBe("ALREADY_DEPLOYED");
  expect(refused(await ask(other, "moon"))).toMatchObject({
    code: "ENVIRONMENT_UNKNOWN",
    place: { pointer: "/environment" },
  });
  expect(refused(await rollBack(other)).code).toBe("NOT_DEPLOYED");
  await workspace.configure([]);
  expect(refused(await ask(other)).code).toBe("ENVIRONMENT_UNKNOWN");
});

test("a migration without a way back says so where one would roll back, before anybody tries", async () => {
  const migration: Artifact = {
    kind: "migration",
    id: "m",
    name: "m.sql",
    up: "SELECT 1;",
    down: null,
    transactional: true,
  };
  const { change, deployment } = await requested([migration]);
  await run(deployment);
  expect(await standing(change)).toBe("deployed");
  const { lena } = workspace.people;
  const view = accepted(await viewChange(store.db, workspace.processes, change, lena, new Date()));
  const act = view.acts.find((one) => one.act === `rollback:${environment}`);
  const input = { id: change, environment, reason: "x" };
  const { code, message } = refused(await workspace.door.execute(requestRollback, input, { actor: lena }));
  expect(act).toMatchObject({ allowed: false, code, reason: message });
  expect(code).toBe("NO_ROLLBACK");
});

test("a renewal of the lease that is still under way at the end does not outlive it", async () => {
  const { deployment } = await requested();
  const renewing = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let takes = 0;
  const ended = async () => {
    while ((await look(deployment)).state !== "succeeded") await new Promise((next) => setTimeout(next, 10));
    // Whoever does not wait for the renewal gives the lease back now.
    await new Promise((next) => setTimeout(next, 200));
  };
  watchCrossings(async (name, side) => {
    if (name === "lease.release" && side === "after") released.resolve();
    if (name !== "lease.take" || side !== "before" || ++takes !== 2) return;
    renewing.resolve();
    await Promise.race([released.promise, ended()]);
  });
  try {
    does.look = async () => {
      await renewing.promise;
      return { state: "done", output: {} };
    };
    await run(deployment, { leaseMs: 3000 });
  } finally {
    watchCrossings(undefined);
  }
  expect(takes).toBe(2);
  expect(await takeLease(store.db, `environment:${environment}`, "whoever is next", 1000)).toBeDefined();
});
