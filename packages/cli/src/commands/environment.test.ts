import type { CallOutput } from "@change-mgmt/api/client.ts";
import { expect, test } from "vitest";
import { type Handlers, startFakeServer } from "../testing/fake-server.ts";
import { runLine } from "../testing/run-line.ts";

type Drift = CallOutput<"environments.drift">;

const HASH = "b".repeat(64);
const same: Drift = {
  environment: "staging",
  knownHash: "a".repeat(64),
  knownAt: "2026-11-21T11:00:00.000Z",
  foundHash: HASH,
  drifted: false,
  differences: [],
  more: 0,
};
const nick: Drift["differences"][number] = {
  change: "removed",
  kind: "column",
  object: "public.users.nick",
  detail: "removed",
  breaking: true,
  reason: "public.users.nick is removed: whatever still uses it fails",
  table: "public.users",
  affected: [{ component: "users", team: "core", changes: ["CHG-1", "CHG-2"] }],
};

async function on(drift: Drift, line: readonly string[], more: Handlers = {}) {
  const server = await startFakeServer({ "environments.drift": () => drift, ...more });
  const said = await runLine(line, { server: server.address });
  await server.close();
  expect(server.violations).toEqual([]);
  return said;
}

test("environment drift names what differs, what it breaks and for whom, and how to take it over; exit code 1", async () => {
  const note = { ...nick, object: "public.orders.note", breaking: false, detail: "added", affected: [] };
  const drifted = { ...same, drifted: true, differences: [nick, note], more: 3 };
  const said = await on(drifted, ["environment", "drift", "staging"]);
  expect(said.code).toBe(1);
  expect(said.stdout).toBe(`✗ staging: the schema is not the one last known, seen 1 hour ago.
  breaking  column public.users.nick: removed
      used by users (team core; CHG-1, CHG-2)
  not breaking  column public.orders.note: added
      nobody is known to use it by a change that is deployed here
  and 3 more
to take it over: change-mgmt environment baseline staging --schema-hash=${HASH} --reason="…"
`);
});

test("a schema that is as it was, or that nobody knew, is no drift", async () => {
  const fine = await on(same, ["environment", "drift", "staging"]);
  expect([fine.code, fine.stdout]).toEqual([0, "✓ staging: the schema is the one last known, seen 1 hour ago.\n"]);
  const unknown = await on({ ...same, knownHash: null, knownAt: null }, ["environment", "drift", "staging"]);
  expect([unknown.code, unknown.stdout]).toEqual([
    0,
    "staging: no schema of it is known yet; the first deployment takes it as it finds it.\n",
  ]);
  const order = await on({ ...same, differences: [{ ...nick, kind: "table" }] }, ["environment", "drift", "staging"]);
  expect(order.stdout).toContain("✓ staging: the schema is the one last known, seen 1 hour ago but for the order of");
});

test("environment baseline takes over what was looked at and nothing else", async () => {
  const bodies: unknown[] = [];
  const taken: Handlers = {
    "environments.baseline": ({ body }) => {
      bodies.push(body);
      return { environment: "staging", schemaHash: HASH, objects: 7 };
    },
  };
  await on(same, ["environment", "baseline", "staging", "--reason=Outage", `--schema-hash=${HASH}`], taken);
  await on(same, ["environment", "baseline", "staging", "--reason=Outage"], taken);
  expect(bodies).toEqual([{ reason: "Outage", schemaHash: HASH }, { reason: "Outage" }]);
});
