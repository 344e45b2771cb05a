import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadProcess } from "@change-mgmt/analysis/configuration/process-file.ts";
import { expect, test } from "vitest";
import { startFakeServer } from "../testing/fake-server.ts";
import { freshFolder, runLine } from "../testing/run-line.ts";

const PROCESSES = fileURLToPath(new URL("../../../../processes/", import.meta.url));

/** A copy of a process with one part of a file replaced, and what the command says in its folder. */
function after(process: string, file: string, part: string, replacement: string) {
  const cwd = freshFolder();
  cpSync(join(PROCESSES, process), join(cwd, process), { recursive: true });
  const path = join(cwd, process, file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(part);
  writeFileSync(path, text.replace(part, replacement));
  return { run: (...words: string[]) => runLine(["process", ...words], { token: null, cwd }), cwd };
}

test("check says that nothing was found and how many examples hold", async () => {
  const said = await runLine(["process", "check", "itil"], { token: null, cwd: PROCESSES });
  expect(said).toMatchObject({ code: 0, stderr: "" });
  expect(said.stdout).toMatch(/^✓ itil, version 1: nothing found; \d+ examples hold\n$/);
});

test("check names a hole with its place, and the examples that come out otherwise", async () => {
  const hole = after(
    "itil",
    "process.yaml",
    "when: { impact: low, probability: high }, then",
    "when: { impact: low, probability: low }, then",
  );
  const said = await hole.run("check", "itil");
  expect(said.code).toBe(1);
  expect(said.stdout).toMatch(
    /itil\/process\.yaml:\d+:\d+: Table risk says nothing about 1 combination: impact = low, probability = high\. TABLE_GAP/,
  );
  expect(said.stdout).toContain("risk-low-high");
  expect((await hole.run("check", "itil", "--json")).json()).toMatchObject({ ok: false, process: "itil" });
  const wrong = after("snapshot", "cases.yaml", "production: [approvers × 2]", "production: [approvers × 9]");
  expect((await wrong.run("check", "snapshot")).stdout).toContain('expected ["approvers × 9"], is ["approvers × 2"]');
  const typo = after("snapshot", "process.yaml", "owner: data team", "ownr: data team");
  expect(await typo.run("check", "snapshot")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Did you mean "owner"?'),
  });
  const none = await typo.run("check", "nowhere");
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining("PROCESS_NOT_FOUND") });
});

test("explain says what a process asks of given facts, and which rows say so", async () => {
  const cwd = freshFolder();
  writeFileSync(
    join(cwd, "change.yaml"),
    "type: emergency\nartifacts: [migration]\nfields: { impact: medium, probability: medium }\n",
  );
  const run = (...more: string[]) =>
    runLine(["process", "explain", join(PROCESSES, "itil"), ...more], { token: null, cwd });
  const said = await run("--facts=change.yaml");
  expect(said).toMatchObject({ code: 0, stderr: "" });
  expect(said.stdout).toContain("Conclusion: risk high");
  expect(said.stdout).toContain("✓ impact = medium, probability = medium matches (I 124)");
  expect(said.stdout).toMatch(
    /Approvals for production on-call within 2 hours; .*cab-ratification by majority until closing/,
  );
  expect(said.stdout).toContain("✗ type = standard type is emergency, not standard");
  expect(said.stdout).toContain("FIELD_REQUIRED");
  const json = (await run("--facts=change.yaml", "--json")).json() as { approvals: { requirements: string[] }[] };
  expect(json).toMatchObject({ facts: { risk: "high" }, rollback: { rehearsed: "required" }, route: { team: null } });
  expect(json.approvals).toHaveLength(3);
  writeFileSync(join(cwd, "change.yaml"), "typ: emergency\n");
  expect(await run("--facts=change.yaml")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Did you mean "type"?'),
  });
  expect(await run()).toMatchObject({ code: 2 });
});

test("backtest tells per change and in sum what a proposed process would have said otherwise", async () => {
  const loaded = await loadProcess(join(PROCESSES, "itil"));
  if (!loaded.ok) throw new Error(loaded.refusal.message);
  const { process, hash } = loaded.value;
  const given = {
    type: "normal",
    fields: { type: "normal", components: ["billing"], impact: "high", probability: "low" },
    artifacts: [],
    environments: ["production"],
    componentTeams: { billing: "payments" },
  };
  const past = (number: string) => ({
    number,
    title: `Change ${number}`,
    status: "closed",
    hash,
    given: { ...given, artifacts: [] },
    began: [{ environment: "production", at: "2026-03-01T03:00:00.000Z" }],
  });
  const server = await startFakeServer({
    "processes.history": ({ query }) =>
      query.cursor === "next"
        ? { items: [past("CR-1")], nextCursor: null }
        : { items: [past("CR-2")], nextCursor: "next" },
    "processes.version": ({ params }) => ({
      ...{ name: "itil", version: 1, since: "2026-01-01T00:00:00Z", inForce: true },
      ...{ hash: params.hash, process: { ...process } },
    }),
  });
  const { cwd } = after("itil", "process.yaml", "days: [SU]", "days: [MO]");
  const run = (...words: string[]) => runLine(["process", "backtest", ...words], { server: server.address, cwd });
  const said = await run("itil");
  const same = await runLine(["process", "backtest", "itil"], { server: server.address, cwd: PROCESSES });
  const document = (await run("itil", "--json")).json();
  const wrong = await run("itil", "--since=yesterday");
  await server.close();
  expect(server.violations).toEqual([]);
  expect(said).toMatchObject({ code: 0, stderr: "" });
  expect(said.stdout).toBe(`CR-2 Change CR-2 closed
  window for production: open → OUTSIDE_WINDOW
CR-1 Change CR-1 closed
  window for production: open → OUTSIDE_WINDOW

Of 2 of 2 changes the proposed itil, version 1, says something otherwise
  window for production: 2
    open → OUTSIDE_WINDOW: 2
`);
  expect(same.stdout).toBe("✓ Of 2 changes the proposed itil, version 1, says the same.\n");
  expect(document).toMatchObject({
    process: "itil",
    changes: 2,
    sums: [{ what: "window for production", changes: 2 }],
  });
  expect(wrong).toMatchObject({ code: 2 });
});
