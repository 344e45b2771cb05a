import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseProcess } from "@change-mgmt/analysis/configuration/process-file.ts";
import { processHash } from "@change-mgmt/domain/process/hash.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Store } from "../../storage/store.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { accepted, aSmallWorkspace, refused, type SmallWorkspace } from "../../testing/small-workspace.ts";
import { openedStore } from "../../testing/stores.ts";
import { createChange } from "../requests/create-change.ts";
import { processComparisonRoutes } from "./process-comparison.ts";

const TEXT = readFileSync(resolve(import.meta.dirname, "../../../../../processes/data-layer/process.yaml"), "utf8");
const FIELDS = { type: "add-field", description: "Wanted.", components: ["users"], tables: ["users"] };
const first = processOf(TEXT);
const second = processOf(TEXT.replace(/^version: (\d+)$/m, (_, version) => `version: ${Number(version) + 1}`));

let postgres: TestPostgres;
let store: Store;
let workspace: SmallWorkspace;
let routes: ReturnType<typeof processComparisonRoutes>;

beforeAll(async () => {
  postgres = await startPostgres();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  workspace = await aSmallWorkspace(store, { process: first });
  for (const title of ["A nickname", "A motto"])
    accepted(
      await workspace.door.execute(
        createChange,
        { process: first.name, fields: { ...FIELDS, title }, artifacts: [], submit: true },
        { actor: workspace.people.rosa },
      ),
    );
  await workspace.processes.publish(store.db, [{ process: second, hash: processHash(second) }]);
  routes = processComparisonRoutes({ db: store.db, processes: workspace.processes });
});
afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

function processOf(text: string) {
  const parsed = parseProcess(text, "process.yaml");
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return parsed.value.process;
}
const compare = (body: object, name = "data-layer") =>
  routes["processes.compare"]!({
    actor: workspace.people.rosa,
    signal: new AbortController().signal,
    params: { name },
    body: { changes: 200, ...body },
  } as never);

test("two versions side by side say what differs, and nothing of changes that both judge alike", async () => {
  const found = accepted(await compare({ before: processHash(first) }));
  expect(found).toMatchObject({
    process: "data-layer",
    before: { version: first.version, hash: processHash(first) },
    after: { version: second.version, hash: processHash(second) },
    problems: [],
    differences: [{ part: "About", id: "version", before: first.version, after: second.version }],
    backtest: { changes: 2, more: false, differing: [], sums: [] },
  });
});

test("a file that is being written is held against past changes, of which it is said when there are more", async () => {
  const text = TEXT.replace("then: { team: component }", "then: { team: web }");
  expect(text).not.toBe(TEXT);
  const found = accepted(await compare({ text, changes: 1 }));
  expect(found.differences.length).toBeGreaterThan(1);
  expect(found.backtest).toMatchObject({
    changes: 1,
    more: true,
    differing: [{ otherwise: [{ what: "team", after: "web" }] }],
    sums: [{ what: "team", changes: 1 }],
  });
});

test("a file with problems is compared, but held against no change", async () => {
  const text = TEXT.replace("initialStage: draft", "initialStage: nowhere");
  expect(text).not.toBe(TEXT);
  const found = accepted(await compare({ text }));
  expect(found.problems.length).toBeGreaterThan(0);
  expect(found.backtest).toMatchObject({ changes: 0, more: true });
});

test.each([
  [{ text: "name: [", changes: 0 }, "PROCESS_INVALID"],
  [{ text: TEXT.replace("name: data-layer", "name: another") }, "PROCESS_OTHER"],
  [{ text: TEXT, after: "0" }, "INPUT_INVALID"],
  [{ before: "0".repeat(64) }, "NOT_FOUND"],
])("%o is refused as %s", async (body, code) => {
  expect(refused(await compare(body)).code).toBe(code);
});

test("a process that never was here is not found", async () => {
  expect(refused(await compare({}, "nothing")).code).toBe("NOT_FOUND");
});
