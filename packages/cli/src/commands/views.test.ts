import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type FakeServer, startFakeServer } from "../testing/fake-server.ts";
import { runLine } from "../testing/run-line.ts";

const view = (more: object = {}) => ({
  id: "v1",
  name: "Mine",
  owner: "ada",
  sharedWith: "nobody",
  team: null,
  filters: { active: "true", team: "data", columns: "number,title" },
  version: 3,
  default: false,
  editable: true,
  updatedAt: "2026-11-21T10:00:00.000Z",
  ...more,
});

let server: FakeServer;
let seen: Record<string, unknown>;
const keep = (name: string, answer: object) => (request: { body: unknown; params: object; query: object }) => {
  seen[name] = { ...request.params, ...request.query, ...(request.body as object) };
  return answer;
};
beforeAll(async () => {
  server = await startFakeServer({
    "savedViews.list": () => ({
      items: [
        view(),
        view({ id: "v2", owner: "bob", sharedWith: "everybody", editable: false, filters: { status: "draft" } }),
        view({ id: "v3", name: "Twice", owner: "bob", editable: false }),
        view({ id: "v4", name: "Twice", owner: "eve", editable: false }),
      ],
    }),
    "savedViews.create": keep("savedViews.create", view({ id: "v9", name: "New" })),
    "savedViews.edit": (request) => {
      seen.version = request.headers["if-match"];
      return keep("savedViews.edit", view())(request);
    },
    "savedViews.delete": keep("savedViews.delete", { ok: true }),
    "savedViews.default": keep("savedViews.default", { ok: true }),
    "changes.list": keep("changes.list", { items: [], nextCursor: null }),
  });
});
beforeEach(() => {
  seen = {};
});
afterAll(async () => {
  await server.close();
  expect(server.violations).toEqual([]);
});
const on = (...line: string[]) => runLine(line, { server: server.address });

test("what is typed is saved under a name, for whom it is said", async () => {
  expect((await on("view", "save", "New", "--status=draft,approved", "--oldest-first")).code).toBe(0);
  expect(seen["savedViews.create"]).toEqual({
    name: "New",
    filters: { status: "draft,approved", order: "oldest" },
    sharedWith: "nobody",
    team: null,
  });
  await on("view", "save", "New", "--active", "--share=data", "--default");
  expect(seen["savedViews.create"]).toMatchObject({ filters: { active: "true" }, sharedWith: "team", team: "data" });
  expect(seen["savedViews.default"]).toEqual({ view: "v9" });
});

test("one that has the name is replaced when that is asked for, as it was read", async () => {
  expect((await on("view", "save", "Mine", "--type=index", "--replace")).code).toBe(0);
  expect([seen["savedViews.edit"], seen.version]).toEqual([{ id: "v1", filters: { type: "index" } }, '"3"']);
});

test("one's own is meant before those of others; where several are meant, their ids are told", async () => {
  expect((await on("view", "remove", "Mine")).stdout).toContain("Mine is removed.");
  expect(seen["savedViews.delete"]).toEqual({ id: "v1" });
  const several = await on("view", "remove", "Twice");
  expect([several.code, several.stderr]).toEqual([2, expect.stringContaining("v3 of bob, v4 of eve")]);
  expect((await on("view", "remove", "None")).stderr).toContain('There is no saved view "None".');
  expect((await on("view", "save", "Empty")).code).toBe(2);
});

test("a list begins with what a view holds, and what is typed takes its place", async () => {
  await on("list", "--view=Mine");
  expect(seen["changes.list"]).toMatchObject({ active: true, team: "data" });
  await on("list", "--view=v2", "--status=closed", "--oldest-first");
  expect(seen["changes.list"]).toMatchObject({ status: "closed", order: "oldest" });
  await on("list", "--oldest-first");
  expect(seen["changes.list"]).toMatchObject({ order: "oldest" });
});

test("views are listed with whose they are and what they hold", async () => {
  const { stdout } = await on("view", "list");
  for (const words of ["Mine", "bob", "everybody", "active=true", "team=data", "status=draft"])
    expect(stdout).toContain(words);
});
