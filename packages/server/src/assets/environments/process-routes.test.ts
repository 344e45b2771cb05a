import { processHash } from "@change-mgmt/domain/process/hash.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { editChange } from "../../lifecycle/requests/edit-change.ts";
import { submitChange } from "../../lifecycle/requests/submit-change.ts";
import { loadChange } from "../../storage/change-record.ts";
import type { Store } from "../../storage/store.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import {
  accepted,
  aQuickProcess,
  aSmallWorkspace,
  refused,
  type SmallWorkspace,
} from "../../testing/small-workspace.ts";
import { openedStore } from "../../testing/stores.ts";
import { processRoutes } from "./process-routes.ts";

let postgres: TestPostgres;
let store: Store;
let workspace: SmallWorkspace;
let routes: ReturnType<typeof processRoutes>;
let changes: { readonly drafted: string; readonly submitted: string };

const first = aQuickProcess();
const REASON = { id: "reason", title: "Reason", help: "Why.", kind: "text", required: true } as const;
const second = { ...first, version: 2, form: { ...first.form, fields: [...first.form.fields, REASON] } };

beforeAll(async () => {
  postgres = await startPostgres();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  workspace = await aSmallWorkspace(store, { process: first });
  changes = { drafted: await workspace.draft(), submitted: await workspace.submitted() };
  await workspace.processes.publish(store.db, [{ process: second, hash: processHash(second) }]);
  routes = processRoutes({ db: store.db, processes: workspace.processes });
});
afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

const call = (params: object) =>
  ({ actor: workspace.people.rosa, signal: new AbortController().signal, params }) as never;
const load = async (id: string) => accepted(await loadChange(store.db, id));
const edit = (id: string, fields: object) =>
  workspace.door.execute(editChange, { id, fields }, { actor: workspace.people.rosa });

test("every version stays readable by its hash, and says whether it is in force and what is pinned to it", async () => {
  const { items } = accepted(await routes["processes.versions"]!(call({ name: "quick" })));
  expect(items).toMatchObject([
    { version: 2, hash: processHash(second), inForce: true, changes: 0 },
    { version: 1, hash: processHash(first), inForce: false, changes: 2 },
  ]);
  for (const [process, inForce] of [
    [first, false],
    [second, true],
  ] as const) {
    const hash = processHash(process);
    const read = accepted(await routes["processes.version"]!(call({ name: "quick", hash })));
    expect(read).toMatchObject({ name: "quick", hash, version: process.version, inForce });
    expect(read.process).toEqual(process);
  }
});

test("a name or hash that never was is refused, also the hash of another process", async () => {
  for (const params of [
    { name: "slow", hash: processHash(first) },
    { name: "quick", hash: "0".repeat(64) },
  ])
    expect(refused(await routes["processes.version"]!(call(params))).code).toBe("NOT_FOUND");
  expect(refused(await routes["processes.versions"]!(call({ name: "slow" }))).code).toBe("NOT_FOUND");
});

test("a submitted change is edited by the version it was submitted under", async () => {
  const { submitted } = changes;
  expect(refused(await edit(submitted, { reason: "Because." })).problems).toMatchObject([{ code: "FIELD_UNKNOWN" }]);
  accepted(await edit(submitted, { title: "Another title" }));
  expect((await load(submitted)).process).toMatchObject({ version: 1, hash: processHash(first) });
});

test("a draft takes up the version in force when it is edited, so that what its submission asks for can be written", async () => {
  const { drafted } = changes;
  const submit = () => workspace.door.execute(submitChange, { id: drafted }, { actor: workspace.people.rosa });
  expect(refused(await submit()).problems).toMatchObject([{ code: "FIELD_REQUIRED" }]);
  accepted(await edit(drafted, { reason: "Because." }));
  expect((await load(drafted)).process).toMatchObject({ version: 2, hash: processHash(second) });
  accepted(await submit());
});
