import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExternalArtifact } from "@change-mgmt/domain/change/change.ts";
import { afterAll, beforeEach, expect, test } from "vitest";
import { accepted, aStepContext, runSteps } from "../../testing/step-context.ts";
import { refusalOf } from "../../testing/target-conformance.ts";
import type { ConfiguredCommand, Direction, StepContext } from "../artifact.ts";
import { externalKind } from "./external.ts";

const artifact: ExternalArtifact = {
  kind: "external",
  id: "rollout",
  name: "roll out the API",
  command: "rollout",
  arguments: ["--version", "2 $HOME `id`"],
};
// The last one keeps Node from taking the artifact's arguments for its own.
const node = (script: string) => [process.execPath, "-e", script, "--"];
const folders: string[] = [];
let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "change-mgmt-external-")));
  folders.push(folder);
});
afterAll(async () => {
  for (const path of folders) await rm(path, { recursive: true });
});

async function carryOut(
  command: Partial<ConfiguredCommand>,
  direction: Direction = "deploy",
  with_: Partial<StepContext> = {},
) {
  const configured = { run: node(""), timeoutSeconds: 60, ...command };
  const context = aStepContext(undefined, undefined, { commands: { rollout: configured }, ...with_ });
  const result = await runSteps(accepted(await externalKind.plan(artifact, direction)), context);
  return { result, said: context.said };
}

test("runs the command with its arguments as they are, in its folder, told about its deployment", async () => {
  const script = `console.log(JSON.stringify({ argv: process.argv.slice(1), cwd: process.cwd(),
    env: Object.fromEntries(Object.entries(process.env).filter(([k]) => k.startsWith("CHANGE_MGMT_"))) }))`;
  const { result, said } = await carryOut({ run: node(script), workingFolder: folder }, "deploy", {
    deploymentId: "d1",
  });
  expect(result).toMatchObject({ state: "done" });
  expect(JSON.parse(said[0]!)).toEqual({
    argv: ["--version", "2 $HOME `id`"],
    cwd: folder,
    env: {
      CHANGE_MGMT_CHANGE: "CHG-1",
      CHANGE_MGMT_DEPLOYMENT: "d1",
      CHANGE_MGMT_DIRECTION: "deploy",
      CHANGE_MGMT_ENVIRONMENT: "staging",
      CHANGE_MGMT_IDEMPOTENCY_KEY: expect.stringMatching(/^[0-9a-f]{32}$/),
    },
  });
});

test("the idempotency key is the same at every attempt and another for every deployment and direction", async () => {
  const print = node("console.log(process.env.CHANGE_MGMT_IDEMPOTENCY_KEY)");
  const key = async (deploymentId: string, attempt: number, direction: Direction = "deploy") =>
    (await carryOut({ run: print, rollback: print }, direction, { deploymentId, attempt })).said[0];
  const first = await key("d1", 1);
  expect(await key("d1", 2)).toBe(first);
  expect(await key("d2", 1)).not.toBe(first);
  expect(await key("d1", 1, "rollback")).not.toBe(first);
});

test("an exit code other than 0 fails, with the end of the output", async () => {
  const { result, said } = await carryOut({
    run: node("console.log('one'); console.error('broken pipe'); process.exit(3)"),
  });
  expect(result).toMatchObject({
    state: "failed",
    retryable: false,
    targetState: expect.stringContaining("not known"),
  });
  expect(refusalOf(result)).toMatchObject({ code: "COMMAND_FAILED", details: { exitCode: 3 } });
  expect([...said].sort()).toEqual(["broken pipe", "one"]);
});

test("a failing verify command fails the deployment; after a rollback it is not asked", async () => {
  const verify = node("process.exit(1)");
  const { result } = await carryOut({ verify });
  expect(refusalOf(result)).toMatchObject({ code: "COMMAND_FAILED", message: expect.stringContaining("verify") });
  const marker = join(folder, "rolled-back");
  const rollback = node(`require("fs").writeFileSync(${JSON.stringify(marker)}, process.env.CHANGE_MGMT_DIRECTION)`);
  expect((await carryOut({ verify, rollback }, "rollback")).result.state).toBe("done");
  expect(await readFile(marker, "utf8")).toBe("rollback");
  expect(refusalOf((await carryOut({ verify }, "rollback")).result).code).toBe("NO_ROLLBACK");
});

test("secrets put into the configured arguments are masked; an artifact cannot ask for them", async () => {
  process.env.TEST_DEPLOY_TOKEN = "tok-9f8e7d";
  // Printed in two parts, so that the secret crosses the border of two reads.
  const script = `const t = process.argv[1]; process.stdout.write("using " + t.slice(0, 5)); setTimeout(() => console.log(t.slice(5), process.argv[2]), 50)`;
  const context = aStepContext(undefined, undefined, {
    commands: { rollout: { run: [...node(script), "$" + "{TEST_DEPLOY_TOKEN}"], timeoutSeconds: 60 } },
  });
  const asking = { ...artifact, arguments: ["$" + "{TEST_DEPLOY_TOKEN}"] };
  const result = await runSteps(accepted(await externalKind.plan(asking, "deploy")).slice(0, 1), context);
  delete process.env.TEST_DEPLOY_TOKEN;
  expect(context.said).toEqual(["using *** $" + "{TEST_DEPLOY_TOKEN}"]);
  expect(result).toMatchObject({ output: { output: "using *** $" + "{TEST_DEPLOY_TOKEN}\n" } });
});

test("a secret in an endless line is masked across the cuts, too", async () => {
  process.env.TEST_DEPLOY_TOKEN = "tok-9f8e7d";
  const script = `process.stdout.write("x".repeat(5000) + process.argv[1].repeat(9000))`;
  const { said } = await carryOut({ run: [...node(script), "$" + "{TEST_DEPLOY_TOKEN}"] });
  delete process.env.TEST_DEPLOY_TOKEN;
  expect(said.length).toBeGreaterThan(0);
  expect(said.join("")).toBe("x".repeat(5000) + "***".repeat(9000));
});

test("only the last 64 KiB of the output are kept", async () => {
  const { result } = await carryOut({
    run: node("for (let i = 0; i < 20000; i++) console.log('line ' + i); process.exitCode = 1"),
  });
  const { output } = refusalOf(result).details as { output: string };
  expect(Buffer.byteLength(output)).toBeLessThanOrEqual(64 * 1024 + 6);
  expect(output.startsWith("[…]\nline ")).toBe(true);
  expect(output.endsWith("line 19999\n")).toBe(true);
});

test("at the time limit the command ends with everything it had started", async () => {
  const pids = join(folder, "pids");
  // A grandchild that does not listen to SIGTERM and holds the output open.
  const grandchild = `process.on("SIGTERM", () => {}); require("fs").appendFileSync(${JSON.stringify(pids)}, process.pid + "\\n"); setInterval(() => {}, 1000)`;
  const script = `const { spawn } = require("child_process"); require("fs").appendFileSync(${JSON.stringify(pids)}, process.pid + "\\n");
    spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], { stdio: "inherit" }); setInterval(() => {}, 1000)`;
  await writeFile(pids, "");
  const { result } = await carryOut({ run: node(script), timeoutSeconds: 2 });
  expect(refusalOf(result)).toMatchObject({ code: "COMMAND_TIMED_OUT", message: expect.stringContaining("2 seconds") });
  const started = (await readFile(pids, "utf8")).trim().split("\n").map(Number);
  expect(started).toHaveLength(2);
  await expect.poll(() => started.filter(runs), { timeout: 10_000 }).toEqual([]);
});

test("a cancelled deployment ends the command", async () => {
  const stop = new AbortController();
  const { result } = await carryOut({ run: node("console.log('up'); setInterval(() => {}, 1000)") }, "deploy", {
    signal: stop.signal,
    say: async () => stop.abort(),
  });
  expect(result).toMatchObject({ state: "failed", retryable: true });
  expect(refusalOf(result).code).toBe("DEPLOYMENT_CANCELLED");
});

test("a program or a variable that is not there is named, and nothing is run", async () => {
  const missing = await carryOut({ run: ["/no/such/program"] });
  expect(refusalOf(missing.result)).toMatchObject({
    code: "COMMAND_NOT_STARTED",
    message: expect.stringContaining("ENOENT"),
  });
  expect(missing.result).toMatchObject({ targetState: "The command was not run." });
  const unset = await carryOut({ run: ["echo", "$" + "{TEST_NOT_SET}"] });
  expect(refusalOf(unset.result)).toMatchObject({
    code: "COMMAND_REFERENCE_MISSING",
    details: { variable: "TEST_NOT_SET" },
  });
});

test("a command that is not configured is refused beforehand", async () => {
  const configured = { run: ["true"], timeoutSeconds: 1 };
  expect(await externalKind.prepare(artifact, { rollout: configured })).toEqual({ ok: true, value: true });
  expect(await externalKind.prepare(artifact, { other: configured })).toMatchObject({
    refusal: { code: "COMMAND_UNKNOWN", hint: expect.stringContaining("other") },
  });
  expect(await externalKind.prepare({ ...artifact, command: "constructor" }, {})).toMatchObject({ ok: false });
});

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
