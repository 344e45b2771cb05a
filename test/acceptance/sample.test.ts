import type { CallOutput } from "@change-mgmt/api/client.ts";
import { type RunningServer, startServer } from "@change-mgmt/server/main.ts";
import { afterAll, expect, test } from "vitest";
import { dataFolder } from "./testing/folder.ts";
import { clientOf, newAdminToken } from "./testing/people.ts";
import { publicKeysOf, wholeTrail } from "./testing/trail.ts";
import { until } from "./testing/waiting.ts";

/** The making takes as long as a dozen rehearsals and as many deployments on a busy machine. */
const PATIENCE_MS = 800_000;

const folder = dataFolder();
const adminToken = newAdminToken();
let server: RunningServer | undefined;
afterAll(async () => {
  await server?.close();
  folder.remove();
});

const admin = () => clientOf(server!.address, adminToken);

async function start(options: { sampleChanges: boolean; sampleSignIn?: boolean }): Promise<void> {
  await server?.close();
  server = undefined;
  const place = { port: 0, host: "127.0.0.1", dataDir: folder.path, adminToken, env: {}, say: () => {} };
  const started = await startServer({ ...place, demo: true, ...options });
  if (!started.ok) throw new Error(started.refusal.message);
  server = started.value;
}

const sampleWhen = (what: string, is: (sample: CallOutput<"sample.get">) => boolean) =>
  until(what, () => admin()("sample.get"), is, PATIENCE_MS);

const signInAs = (user: string, headers: Record<string, string> = {}) =>
  fetch(`${server!.address}/api/sample/session`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ user }),
  });

const problemOf = async (response: Response) => ((await response.json()) as { code: string }).code;

test("the sample is made by ordinary commands, carried on after a cut, offered on this machine, and removed whole", {
  timeout: 2 * PATIENCE_MS,
}, async () => {
  await start({ sampleChanges: true });
  await sampleWhen("three changes are made", ({ made }) => made >= 3);
  await start({ sampleChanges: true });
  const sample = await sampleWhen("all are made", ({ state }) => state === "made");
  expect(sample.made).toBe(sample.inAll);

  const { items } = await admin()("changes.list", { query: { limit: 200 } });
  // One for each story and none twice, though the making was cut off.
  expect(items.length).toBe(sample.inAll);
  const changeOf = (title: RegExp) => items.find((item) => title.test(item.title))!;
  const found = Object.fromEntries(items.map((item) => [item.title, item.status]));
  expect(found).toEqual({
    "Keep baskets between visits": "draft",
    "Call the SKU what everybody calls it": "awaiting_approval",
    "Let customers rate products": "validating",
    "Let orders be returned": "validating",
    "Keep who changed a price, and when": "validating",
    "Find open orders without reading all of them": "assessing",
    "Ask customers for their birthday": "rejected",
    "Show the order history in the bot": "awaiting_approval",
    "Show a picture of each product": "approved",
    "Keep the weight of products": "closed",
    "Remember when a customer was last here": "rolled_back",
    "Let customers leave a note with their order": "monitoring",
    "Tell customers when their parcel has arrived": "deploying",
  });
  const validationOf = async (title: RegExp) =>
    await admin()("changes.validation", { params: { id: changeOf(title).number } });
  expect((await validationOf(/rate products/)).result).toBe("failed");
  const noWayBack = (await validationOf(/be returned/)).rehearsals[0]!;
  expect(noWayBack).toMatchObject({ outcome: "passed", report: { rollback: "differs" } });
  const { running } = await admin()("overview");
  expect(running).toMatchObject([{ environment: "production", state: "waiting", step: { id: "pause-the-bot:pause" } }]);
  const idle = sample.people.filter(({ waiting }) => waiting === 0).map(({ handle }) => handle);
  expect(idle).toEqual(["audrey"]);

  const signedIn = await signInAs("lena");
  expect([signedIn.status, signedIn.headers.get("set-cookie")]).toEqual([201, expect.stringContaining("cm_session_")]);
  expect(await problemOf(await signInAs("admin"))).toBe("SAMPLE_PERSON_UNKNOWN");
  await admin()("users.edit", { params: { name: "bora" }, body: { roles: ["administrator"] } });
  expect(await problemOf(await signInAs("bora"))).toBe("SAMPLE_PERSON_UNKNOWN");

  // Somebody's own change keeps the sample from being removed.
  await admin()("users.create", { body: { handle: "real", name: "Real", roles: ["requester"], teams: ["web"] } });
  await expect(admin()("sample.remove", { body: {} })).rejects.toMatchObject({
    problem: { code: "SAMPLE_IN_USE", problems: [{ message: "real is in the sample's team web." }] },
  });
  expect((await admin()("sample.get")).state).toBe("made");
  await admin()("teams.removeMember", { params: { name: "web", user: "real" } });

  const removed = await admin()("sample.remove", { body: {} });
  expect(removed).toMatchObject({ done: true, running: [] });
  expect(removed.changes.length).toBe(items.length);
  expect((await admin()("changes.list", { query: {} })).items).toEqual([]);
  expect((await admin()("users.list", { query: {} })).items.map(({ handle }) => handle)).toEqual(["admin", "real"]);
  expect((await admin()("teams.list")).items).toEqual([]);
  expect((await admin()("environments.list")).items).toEqual([]);
  expect(await problemOf(await signInAs("lena"))).toBe("SAMPLE_SIGN_IN_OFF");
  const { entries } = await wholeTrail({ handle: "admin", token: adminToken, ask: admin() }, publicKeysOf(folder.path));
  const last = entries.filter(({ event_type }) => event_type.startsWith("sample.")).at(-1)!;
  expect(last).toMatchObject({ event_type: "sample.removed", outcome: "done", actor: { handle: "admin" } });
  const how = entries.filter(({ event_type }) => event_type === "user.signed-in").map(({ details }) => details.method);
  expect(how).toEqual(["sample"]);

  // It stays removed at the next start.
  await start({ sampleChanges: true });
  expect((await admin()("sample.get")).state).toBe("removed");
});
