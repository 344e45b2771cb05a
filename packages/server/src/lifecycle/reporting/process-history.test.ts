import { afterAll, beforeAll, expect, test } from "vitest";
import type { Call, Handlers } from "../../commands/handler.ts";
import type { Store } from "../../storage/store.ts";
import { accepted, aSmallWorkspace, refused, type SmallWorkspace } from "../../testing/small-workspace.ts";
import { newEmbeddedStore } from "../../testing/stores.ts";
import { requestDeployment } from "../deployment/request-deployment.ts";
import { processHistoryRoutes } from "./process-history.ts";

let store: Store;
let workspace: SmallWorkspace;
let routes: Handlers;

beforeAll(async () => {
  store = await newEmbeddedStore();
  workspace = await aSmallWorkspace(store);
  routes = processHistoryRoutes({ db: store.db });
});
afterAll(() => store?.close());

const manual = {
  kind: "manual",
  id: "do",
  name: "Do it",
  steps: [{ id: "one", title: "One", undo: "Undo one" }],
} as const;
const ask = (query: object, name = "quick") =>
  routes["processes.history"]!({
    actor: workspace.people.lena,
    params: { name },
    query: { limit: 100, ...query },
    signal: new AbortController().signal,
  } as unknown as Call<"processes.history">);

test("past changes come newest first and page by page, drafts and other processes left out, with what was known of them", async () => {
  await workspace.draft([manual]);
  const first = await workspace.submitted([manual]);
  const second = await workspace.submitted([]);
  await workspace.door.execute(
    requestDeployment,
    { id: first, environment: "staging" },
    { actor: workspace.people.lena },
  );
  const { items, nextCursor } = accepted(await ask({}));
  expect(nextCursor).toBeNull();
  expect(items).toHaveLength(2);
  expect(items[1]).toMatchObject({
    status: expect.any(String),
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    given: { artifacts: ["manual"], environments: expect.arrayContaining(["staging"]) },
    began: [{ environment: "staging", at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) }],
  });
  expect(items[0]).toMatchObject({ given: { artifacts: [] }, began: [] });
  expect(second).not.toBe(first);

  const page = accepted(await ask({ limit: 1 }));
  const rest = accepted(await ask({ limit: 1, cursor: page.nextCursor! }));
  expect([...page.items, ...rest.items]).toEqual(items);
  expect(accepted(await ask({ since: "2999-01-01T00:00:00.000Z" })).items).toEqual([]);
  expect(accepted(await ask({}, "another")).items).toEqual([]);
  expect(refused(await ask({ cursor: "nonsense" })).code).toBe("CURSOR_INVALID");
});
