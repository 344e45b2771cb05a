import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeServer, startFakeServer } from "../testing/fake-server.ts";
import { runLine } from "../testing/run-line.ts";
import { aChange, aSummary } from "../testing/samples.ts";

let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer({
    "changes.list": () => ({ items: [aSummary(), aSummary({ number: "CHG-13" })], nextCursor: null }),
    "changes.get": () => aChange(),
    "environments.list": () => ({
      items: [
        {
          name: "staging",
          order: 1,
          database: "embedded:staging",
          lockTimeoutMs: 1,
          statementTimeoutMs: 0,
          retries: 0,
          schemaHash: null,
          snapshotAt: null,
          running: null,
        },
      ],
    }),
    "processes.list": () => ({
      items: [
        { name: "data-layer", title: "Data layer", version: 1, hash: "h", types: [{ id: "add-field", title: "Add" }] },
      ],
    }),
  });
});
afterAll(async () => {
  await server.close();
  expect(server.violations).toEqual([]);
});

const complete = async (...words: string[]) => {
  const said = await runLine(["__complete", "--", ...words], { server: server.address });
  expect(said).toMatchObject({ code: 0, stderr: "" });
  return said.stdout.split("\n").filter(Boolean);
};

test.each([
  [["sta"], ["status"]],
  [
    ["step", ""],
    ["complete", "add"],
  ],
  [["audit", "ver"], ["verify"]],
  [
    ["show", ""],
    ["CHG-12", "CHG-13"],
  ],
  [["show", "CHG-13"], ["CHG-13"]],
  [
    ["status", "--change-id", ""],
    ["CHG-12", "CHG-13"],
  ],
  [["status", "--change-id=CHG-13"], ["--change-id=CHG-13"]],
  [["status", "--change-id", "=", "CHG-13"], ["CHG-13"]],
  [["step", "complete", "CHG-12", ""], ["read-through"]],
  [["step", "complete", "--change-id=CHG-12", ""], ["read-through"]],
  [["deploy", "CHG-12", "--environment", ""], ["staging"]],
  [["deploy", "CHG-12", "--environment="], ["--environment=staging"]],
  [["deploy", "CHG-12", "--environment", "="], ["staging"]],
  [["deploy", "CHG-12", ""], ["staging"]],
  [["create", "--type=a"], ["--type=add-field"]],
  [
    ["assess", "CHG-12", "--complexity="],
    ["--complexity=low", "--complexity=medium", "--complexity=high"],
  ],
  [["assess", "CHG-12", "--complexity", "m"], ["medium"]],
  [["deploy", "CHG-12", "--no"], ["--no-wait"]],
  [["deploy", "CHG-12", "--env"], ["--environment="]],
  [["--json", "show", "CHG-12"], ["CHG-12"]],
  [["audit", "verify", ""], []],
  [["create", "--migration", ""], []],
  [["nonsense", ""], []],
])("%j becomes %j", async (words, expected) => {
  expect(await complete(...words)).toEqual(expected);
});

test("without a server names are simply not offered", async () => {
  const said = await runLine(["__complete", "--", "show", ""], { server: "http://127.0.0.1:9" });
  expect(said).toMatchObject({ code: 0, stdout: "", stderr: "" });
});
