import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { startFakeServer } from "./testing/fake-server.ts";
import { freshFolder } from "./testing/run-line.ts";
import { aDeployment, aDeploymentStep, aSummary } from "./testing/samples.ts";

const binary = resolve(import.meta.dirname, "../../../bin/change-mgmt");

interface Session {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function environment(more: Record<string, string> = {}): Record<string, string> {
  const home = freshFolder();
  return { PATH: process.env.PATH ?? "", HOME: home, LANG: "C.UTF-8", CHANGE_MGMT_TOKEN: "secret-token", ...more };
}

/** A session of the real binary, without a terminal. */
function session(argv: readonly string[], env: Record<string, string> = {}): Promise<Session> {
  return new Promise((done) => {
    execFile(binary, argv, { env: environment(env), cwd: freshFolder() }, (error, stdout, stderr) => {
      done({ code: error ? ((error.code as unknown as number) ?? null) : 0, stdout, stderr });
    });
  });
}

test("help and version answer on stdout with exit code 0", async () => {
  const [help, version] = await Promise.all([session(["--help"]), session(["--version"])]);
  expect(help).toMatchObject({ code: 0, stderr: "" });
  expect(help.stdout).toContain("change-mgmt create --type=add-field");
  expect(version).toMatchObject({ code: 0, stdout: "0.1.0\n" });
});

test("wrong usage is exit code 2 with the nearest right word, refusals as one document with --json", async () => {
  const [plain, json] = await Promise.all([session(["lst"]), session(["lst", "--json"])]);
  expect(plain).toMatchObject({ code: 2, stdout: "" });
  expect(plain.stderr).toContain("Did you mean list?");
  expect(json).toMatchObject({ code: 2, stderr: "" });
  expect(JSON.parse(json.stdout)).toMatchObject({
    ok: false,
    problem: { code: "USAGE", hint: expect.stringContaining("list") },
  });
});

test("a server that is not there is exit code 3 with its address and how to start one", async () => {
  const said = await session(["list"], { CHANGE_MGMT_SERVER: "http://127.0.0.1:9" });
  expect(said).toMatchObject({ code: 3, stdout: "" });
  expect(said.stderr).toContain("http://127.0.0.1:9");
  expect(said.stderr).toContain("change-mgmt serve");
});

test("a session with a server prints data to stdout and no colours into a pipe", async () => {
  const server = await startFakeServer({ "changes.list": () => ({ items: [aSummary()], nextCursor: null }) });
  const said = await session(["list"], { CHANGE_MGMT_SERVER: server.address });
  await server.close();
  expect(server.violations).toEqual([]);
  expect(said).toMatchObject({ code: 0, stderr: "" });
  expect(said.stdout).toContain("CHG-12");
  expect(said.stdout).not.toContain("\u001b");
});

test("a reader that goes away early is no failure", async () => {
  const items = Array.from({ length: 200 }, (_, at) => aSummary({ number: `CHG-${at}`, title: "x".repeat(1000) }));
  const server = await startFakeServer({ "changes.list": () => ({ items, nextCursor: null }) });
  const child = spawn("sh", ["-c", `"${binary}" list | head -1; echo "\${PIPESTATUS:-done}"`], {
    env: environment({ CHANGE_MGMT_SERVER: server.address }),
  });
  const { stdout, stderr } = await collect(child);
  await server.close();
  expect(stdout).toContain("NUMBER");
  expect(stderr).toBe("");
});

test("Ctrl-C while watching says that the deployment goes on, with exit code 130", async () => {
  const running = aDeployment({ steps: [aDeploymentStep("lease", "done"), aDeploymentStep("migrate", "running")] });
  const server = await startFakeServer({ "changes.deploy": () => running, "deployments.get": () => running });
  const child = spawn(binary, ["deploy", "CHG-12", "staging"], {
    env: environment({ CHANGE_MGMT_SERVER: server.address }),
  });
  const said = collect(child);
  await seen(child, "Step lease");
  child.kill("SIGINT");
  const { code, stderr } = await said;
  await server.close();
  expect(code).toBe(130);
  expect(stderr).toContain("The deployment of CHG-12 to staging goes on.");
});

describe("completion", () => {
  const folder = freshFolder();
  mkdirSync(join(folder, "bin"));
  symlinkSync(binary, join(folder, "bin/change-mgmt"));
  const env = { ...environment(), PATH: `${join(folder, "bin")}:${process.env.PATH}` };

  test("of bash offers what can be typed next", () => {
    const offered = (words: string) =>
      execFileSync(
        "bash",
        [
          "-c",
          `source <(change-mgmt completion bash); COMP_WORDS=(change-mgmt ${words}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _change_mgmt; printf '%s\\n' "\${COMPREPLY[@]}"`,
        ],
        { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
      )
        .split("\n")
        .filter(Boolean);
    expect(offered("sta")).toEqual(["status"]);
    expect(offered("step ''")).toEqual(["complete", "add"]);
    expect(offered("assess CHG-1 --complexity = h")).toEqual(["high"]);
  });

  test.each(["bash", "zsh", "fish"])("of %s is a script that names the command", async (shell) => {
    const said = await session(["completion", shell]);
    expect(said.code).toBe(0);
    expect(said.stdout).toContain("__complete --");
  });
});

async function collect(child: ChildProcess): Promise<Session> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (piece) => {
    stdout += piece;
  });
  child.stderr?.on("data", (piece) => {
    stderr += piece;
  });
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}

/** Resolves when the text has come on stderr. */
function seen(child: ChildProcess, text: string): Promise<void> {
  let so = "";
  return new Promise((resolve) => {
    child.stderr?.on("data", (piece) => {
      so += piece;
      if (so.includes(text)) resolve();
    });
  });
}
