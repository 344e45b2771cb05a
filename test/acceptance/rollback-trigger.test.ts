import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, startServer } from "@change-mgmt/server/main.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dataFolder, ROOT } from "./testing/folder.ts";
import { clientOf, newAdminToken } from "./testing/people.ts";
import { type DeploymentView, handwork } from "./testing/road.ts";
import { Session } from "./testing/session.ts";
import { until } from "./testing/waiting.ts";

const TRIGGERS = `
triggers:
  title: What takes a deployment back by itself
  rows:
    - id: always
      when: {}
      then:
        triggers:
          - { id: health, title: A health check fails, metric: health }
          - { id: alerts, title: A critical alert is raised, metric: alerts }
        intervalSeconds: 1
        failures: 2
`;

const folder = dataFolder();
const processes = mkdtempSync(join(tmpdir(), "change-mgmt-processes-"));
const tokens: Record<string, string> = {};
let isWell = true;
const site = createServer((_asked, answer) => {
  answer.statusCode = isWell ? 200 : 503;
  answer.end();
});
let server: RunningServer;

beforeAll(async () => {
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const { port } = site.address() as AddressInfo;
  const name = "snapshot";
  cpSync(join(ROOT, "processes", name), join(processes, name), { recursive: true });
  const file = join(processes, name, "process.yaml");
  writeFileSync(file, readFileSync(file, "utf8") + TRIGGERS);
  const adminToken = newAdminToken();
  const options = { dataDir: folder.path, port: 0, host: "127.0.0.1", demo: false, env: {}, say: () => {} };
  const started = await startServer({ ...options, adminToken, processesFolder: processes });
  if (!started.ok) throw new Error(started.refusal.message);
  server = started.value;
  const admin = clientOf(server.address, adminToken);
  const text = readFileSync(join(ROOT, "examples/shop/change-mgmt.yaml"), "utf8")
    .replace("process: data-layer", `process: ${name}`)
    .replaceAll(
      /^( {4})database: embedded:.*$/gm,
      `$&\n$1watch:\n$1  - { metric: health, http: "http://127.0.0.1:${port}/" }`,
    );
  await admin("config.import", { body: { text } });
  for (const [handle, role] of Object.entries({
    rosa: "requester",
    dev: "developer",
    olga: "operator",
    audrey: "auditor",
  } as const)) {
    await admin("users.create", { body: { handle, name: handle, roles: [role], teams: ["data-platform"] } });
    tokens[handle] = (await admin("tokens.create", { body: { name: "desk", user: handle } })).secret;
  }
});
afterAll(async () => {
  await server?.close();
  site.close();
  folder.remove();
  rmSync(processes, { recursive: true, force: true });
});

test("a server looks at what was deployed, and rolls it back by itself when it is not well", async () => {
  const session = new Session({ server: server.address, tokens });
  await session.create("rosa", {
    process: "snapshot",
    fields: {
      title: "Look",
      description: "Somebody looks.",
      components: ["data-layer"],
      type: "data",
      views: ["words"],
      items: 3,
    },
    artifacts: [handwork("look")],
  });
  await session.workedUntil("dev", "awaiting_approval");
  await session.approved();
  await session.workedUntil("dev", "approved");
  const { id, steps } = await session.deployed("olga", "development");
  expect(steps[0]).toMatchObject({ id: "baseline", state: "done", output: ["health: 1"] });
  const shown = () => session.fine<DeploymentView>("audrey", "deployment", "show", id);
  const watched = await until(
    "it was looked at and is well",
    shown,
    ({ watch }) => watch?.checks[0]?.result === "pass",
  );
  expect(watched.watch).toMatchObject({ state: "watching", unmeasured: ["A critical alert is raised"] });
  isWell = false;
  await until("a trigger is set off", shown, ({ watch }) => watch?.state === "rolling-back");
  const change = await session.show();
  expect(change.environments[0]).toMatchObject({ environment: "development", state: "rolling-back" });
  await session.finished("olga", change.environments[0]!.deployment!);
  expect((await session.show()).environments[0]).toMatchObject({ state: "rolled-back" });
});
