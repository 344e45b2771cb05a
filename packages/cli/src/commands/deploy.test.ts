import { expect, test } from "vitest";
import type { Deployment } from "../change/change-types.ts";
import { FakeRefusal, type Handlers, startFakeServer } from "../testing/fake-server.ts";
import { bare, type LineOptions, runLine } from "../testing/run-line.ts";
import { aDeployment, aDeploymentStep, anOnTarget } from "../testing/samples.ts";

const begun = aDeployment({ state: "requested", steps: [] });
const running = aDeployment({
  steps: [aDeploymentStep("lease", "done"), aDeploymentStep("migrate", "running", { output: ["statement 1 of 2"] })],
});
const succeeded = aDeployment({
  state: "succeeded",
  finishedAt: "2026-11-21T11:59:00.000Z",
  targetState: "CHG-12 applied",
  steps: [
    aDeploymentStep("lease", "done"),
    aDeploymentStep("migrate", "done", { output: ["statement 1 of 2", "statement 2 of 2"] }),
  ],
});

/** Deploys against a server where each look finds the next of these states. */
async function deploy(
  states: readonly Deployment[],
  argv: readonly string[] = [],
  options: LineOptions = {},
  more: Handlers = {},
) {
  const left = [...states];
  const bodies: unknown[] = [];
  const server = await startFakeServer({
    "changes.deploy": ({ body }) => {
      bodies.push(body);
      return begun;
    },
    "changes.rollback": ({ body }) => {
      bodies.push(body);
      return { ...begun, direction: "rollback" };
    },
    "deployments.get": () => (left.length > 1 ? left.shift()! : left[0]!),
    ...more,
  });
  const line = argv.length > 0 ? argv : ["deploy", "CHG-12", "--environment=staging"];
  const said = await runLine(line, { server: server.address, ...options });
  await server.close();
  expect(server.violations).toEqual([]);
  return { ...said, bodies, log: server.log };
}

test("deploy watches to the end: steps and output as they come on stderr, the outcome on stdout", async () => {
  const said = await deploy([running, running, succeeded]);
  expect(said.code).toBe(0);
  expect(said.bodies).toEqual([{ environment: "staging", dryRun: false }]);
  expect(said.stderr).toBe(`  ✓ Step lease  1 min 0 s
    statement 1 of 2
    statement 2 of 2
  ✓ Step migrate  1 min 0 s
`);
  expect(said.stdout).toBe(
    "deployment of CHG-12 → staging: succeeded in 1 min 0 s  asked for by ada 3 minutes ago\ntarget: CHG-12 applied\n",
  );
});

test("a step that is tried again says so, with why", async () => {
  const again = (attempt: number) =>
    aDeployment({ steps: [aDeploymentStep("migrate", "running", { attempt, message: "the table is locked" })] });
  const said = await deploy([again(1), again(2), again(2), again(3), succeeded]);
  expect(said.stderr.match(/attempt \d {2}the table is locked/g)).toEqual([
    "attempt 2  the table is locked",
    "attempt 3  the table is locked",
  ]);
});

test("on a terminal the step in hand stands on the last line and leaves no trace", async () => {
  const said = await deploy([running, succeeded], [], { terminal: true });
  expect(said.stderr).toContain("\r\u001b[K");
  expect(bare(said.stderr)).toContain("→ Step migrate");
});

test("a failed deployment is exit code 1 and says in what state the target was left", async () => {
  const failed = aDeployment({
    state: "failed",
    targetState: "as before: the transaction was rolled back",
    refusal: { code: "SQL_FAILED", message: "Column nickname exists.", hint: "Look at the target." },
    steps: [aDeploymentStep("migrate", "failed", { message: "column exists", attempt: 2 })],
  });
  const said = await deploy([failed]);
  expect(said.code).toBe(1);
  expect(said.stderr).toContain("✗ Step migrate  1 min 0 s  attempt 2  column exists");
  expect(said.stdout).toContain(
    "✗ Column nickname exists. [SQL_FAILED]\n  hint: Look at the target.\ntarget: as before",
  );
  const json = await deploy([failed], ["deploy", "CHG-12", "staging", "--json"]);
  expect(json.code).toBe(1);
  expect(json.json()).toMatchObject({ ok: false, state: "failed", refusal: { code: "SQL_FAILED" } });
});

test("Ctrl-C stops the watching, not the deployment, and says so", async () => {
  const said = await deploy([running], [], { onPause: (interrupt) => interrupt() });
  expect(said.code).toBe(130);
  expect(said.stderr).toContain("Stopped watching. The deployment of CHG-12 to staging goes on. [STOPPED_WATCHING]");
  expect(said.stderr).toContain(`change-mgmt deployment show ${begun.id} --watch`);
  expect(said.log.filter((line) => line.includes("cancel"))).toEqual([]);
});

test("--no-wait answers at once, --dry-run only says that the gates are open", async () => {
  const quick = await deploy([], ["deploy", "CHG-12", "staging", "--no-wait", "--json"]);
  expect(quick.json()).toMatchObject({ ok: true, state: "requested" });
  expect(quick.log).toHaveLength(1);
  const dry = await deploy([], ["deploy", "CHG-12", "staging", "--dry-run"]);
  expect(dry.bodies).toEqual([{ environment: "staging", dryRun: true }]);
  expect(dry.stdout).toContain("The gates are open: CHG-12 may be deployed to staging. Nothing was done.");
});

test("--dry-run shows what it would cost on the target now, what holds it up and what is not known", async () => {
  const answer = (onTarget: Deployment["onTarget"]): Handlers => ({ "changes.deploy": () => ({ ...begun, onTarget }) });
  const line = ["deploy", "CHG-12", "staging", "--dry-run"];
  expect((await deploy([], line, {}, answer(anOnTarget()))).stdout).toContain(`
→ on the target of staging: Postgres 18.4, looked at 1 minute ago
  ◔ 0003_nickname.sql line 2, alter table: Takes 15 s to 5 min. Would wait now for process 42.
  · replica follows it and is 5000 bytes behind.
  · other follows it and is behind by an unknown amount.
  not known: This login sees no transactions of others.
  Times are sizes divided by speeds.
`);
  const away = anOnTarget({
    at: null,
    postgres: null,
    migrations: [],
    replicas: null,
    notKnown: ["It cannot be reached."],
  });
  expect((await deploy([], line, {}, answer(away))).stdout).toContain(
    "→ on the target of staging: not known\n  not known: It cannot be reached.\n",
  );
});

test("a closed gate is a refusal like any other", async () => {
  const said = await deploy(
    [],
    ["deploy", "CHG-12", "production"],
    {},
    {
      "changes.deploy": () => {
        throw new FakeRefusal(409, "NOT_DEPLOYED_BEFORE", "CHG-12 was not deployed to staging yet.");
      },
    },
  );
  expect(said.code).toBe(1);
  expect(said.stderr).toContain("CHG-12 was not deployed to staging yet. [NOT_DEPLOYED_BEFORE]");
});

test("a deployment that waits for a person says for whom; off a terminal nobody waits with it", async () => {
  const waiting = aDeployment({ state: "waiting", steps: [aDeploymentStep("manual.step-1", "waiting")] });
  const piped = await deploy([waiting]);
  expect(piped.code).toBe(0);
  expect(piped.stdout).toContain(
    "waiting for a person: Step manual.step-1 → change-mgmt sign-off CHG-12 manual.step-1",
  );
  const terminal = await deploy([waiting, waiting, succeeded], [], { terminal: true });
  expect(bare(terminal.stdout)).toContain("succeeded");
});

test("a paused deployment says by whom and how far it is; off a terminal nobody waits with it", async () => {
  const progress = { done: 3000, about: 10_000, written: 2900, perSecond: 1000, secondsLeft: 7 };
  const paused = aDeployment({
    state: "waiting",
    paused: { by: "olga", reason: "Rush hour", at: "2026-11-21T11:59:00.000Z" },
    steps: [aDeploymentStep("backfill", "pending", { progress })],
  });
  const piped = await deploy([paused]);
  expect(piped.code).toBe(0);
  expect(piped.stdout).toContain(`paused by olga: Rush hour → change-mgmt deployment resume ${paused.id}\n`);
  const shown = await deploy([paused], ["deployment", "show", paused.id]);
  expect(shown.stdout).toContain(
    "○ Step backfill  3,000 of about 10,000 rows, 2,900 written, 1,000 a second, about 7 s left",
  );
});

test("deployment pause asks for the reason, deployment resume for nothing", async () => {
  const bodies: unknown[] = [];
  const paused = aDeployment({ paused: { by: "olga", reason: "Rush hour", at: "2026-11-21T11:59:00.000Z" } });
  const handlers: Handlers = {
    "deployments.pause": ({ body }) => {
      bodies.push(body);
      return paused;
    },
    "deployments.resume": () => aDeployment(),
  };
  const said = await deploy([], ["deployment", "pause", paused.id, "--reason=Rush hour"], {}, handlers);
  expect(bodies).toEqual([{ reason: "Rush hour" }]);
  expect(said.stdout).toContain("(it ends the step or batch in hand)");
  expect((await deploy([], ["deployment", "pause", paused.id], {}, handlers)).code).toBe(2);
  const resumed = await deploy([], ["deployment", "resume", paused.id], {}, handlers);
  expect(resumed.stdout).not.toContain("paused");
});

test("a server that goes away while one watches is said to leave the deployment alone", async () => {
  const server = await startFakeServer({ "changes.deploy": () => begun, "deployments.get": () => running });
  let looks = 0;
  const said = await runLine(["deploy", "CHG-12", "staging"], {
    server: server.address,
    onPause: async () => {
      looks += 1;
      if (looks === 2) await server.close();
    },
  });
  expect(said.code).toBe(3);
  expect(said.stderr).toContain("[SERVER_UNREACHABLE]");
  expect(said.stderr).toContain("is not stopped by this");
});

test("rollback is watched in the same way", async () => {
  const done = { ...succeeded, direction: "rollback" as const };
  const said = await deploy([done], ["rollback", "CHG-12", "--environment=staging", "--reason=Errors"]);
  expect(said.bodies).toEqual([{ environment: "staging", reason: "Errors" }]);
  expect(said.stdout).toContain("rollback of CHG-12 → staging: succeeded");
});

test("deployments are listed, shown, signed off and stopped", async () => {
  const server = await startFakeServer({
    "changes.deployments": () => ({ items: [succeeded, { ...succeeded, direction: "rollback", state: "failed" }] }),
    "deployments.get": () => succeeded,
    "changes.signOff": ({ body }) => {
      expect(body).toEqual({ step: "manual.step-1", note: "Done" });
      return running;
    },
    "deployments.cancel": ({ body }) => {
      expect(body).toEqual({ reason: "Wrong window" });
      return aDeployment({ state: "cancelled" });
    },
  });
  const on = (...argv: string[]) => runLine(argv, { server: server.address });
  const [list, show, watch, signOff, cancel] = await Promise.all([
    on("deployment", "list", "CHG-12"),
    on("deployment", "show", begun.id),
    on("deployment", "show", begun.id, "--watch"),
    on("sign-off", "CHG-12", "manual.step-1", "--note=Done"),
    on("deployment", "cancel", begun.id, "--reason=Wrong window"),
  ]);
  await server.close();
  expect(server.violations).toEqual([]);
  expect(list.stdout.split("\n")[2]).toMatch(/rollback +staging +failed +ada +3 minutes ago +1 min 0 s/);
  expect(show.stdout).toContain("statement 2 of 2");
  expect(watch.code).toBe(0);
  expect(signOff.code).toBe(0);
  expect(cancel).toMatchObject({ code: 0 });
});
