import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dataFolder, ROOT } from "./testing/folder.ts";
import { clientOf, newAdminToken, type People } from "./testing/people.ts";
import { type Running, runCli, serve } from "./testing/processes.ts";
import { handwork, Road } from "./testing/road.ts";
import { settle } from "./testing/workspace.ts";

interface Item {
  readonly act: string;
  readonly component: string;
  readonly key: string;
  readonly file: string | null;
  readonly change: string | null;
  readonly ok: boolean;
  readonly code?: string;
  readonly hint?: string;
}

const folder = dataFolder();
const shop = mkdtempSync(join(tmpdir(), "change-mgmt-shop-"));
const token = newAdminToken();
let server: Running;
let people: People;

beforeAll(async () => {
  cpSync(join(ROOT, "examples/shop"), shop, { recursive: true });
  git("init", "-q");
  git("add", "-A");
  git("-c", "user.name=Dev", "-c", "user.email=dev@example.com", "commit", "-qm", "The shop");
  server = await serve([`--data-dir=${folder.path}`, "--no-demo"], { CHANGE_MGMT_ADMIN_TOKEN: token });
  const configuration = readFileSync(join(shop, "change-mgmt.yaml"), "utf8");
  people = await settle(server.address, clientOf(server.address, token), token, configuration);
});
afterAll(async () => {
  await server?.kill();
  folder.remove();
  rmSync(shop, { recursive: true, force: true });
});

const git = (...words: string[]) => execFileSync("git", words, { cwd: shop, encoding: "utf8" });
const BOARD = "data-layer/.component-board";
const RETURNED = "2026-04-02-let-orders-be-returned";

async function sync(
  ...words: string[]
): Promise<{ code: number | null; items: Item[]; inStep: number; apart: number }> {
  const { code, stdout, stderr } = await type("tickets", "sync", "--json", ...words);
  if (stdout === "") throw new Error(stderr);
  return { code, ...JSON.parse(stdout) };
}
const type = (...words: string[]) =>
  runCli(
    words,
    { CHANGE_MGMT_SERVER: server.address, CHANGE_MGMT_TOKEN: people.dev.token, XDG_CONFIG_HOME: join(shop, ".c") },
    shop,
  );
const move = (key: string, from: string, to: string, board = BOARD) => {
  mkdirSync(join(shop, board, to), { recursive: true });
  renameSync(join(shop, board, from, `${key}.md`), join(shop, board, to, `${key}.md`));
};
const on = (board: string, state: string) =>
  existsSync(join(shop, board, state)) ? readdirSync(join(shop, board, state)) : [];
const has = (items: readonly Item[], key: string) => items.find((item) => item.key === key);
let number: string;

test("a ticket that is to become a change needs a type, and nothing is done without one", async () => {
  const { code, stderr } = await type("tickets", "sync");
  expect(code).toBe(2);
  expect(stderr).toContain("--type=add-field");
  expect((await people.admin.ask("changes.list", {})).items).toEqual([]);
});

test("tickets of todo become drafts, of their component and with what they say; once", async () => {
  const foreseen = await sync("--type=add-field", "--dry-run");
  expect(foreseen.items.map(({ act, change }) => [act, change])).toEqual([
    ["create", null],
    ["create", null],
    ["create", null],
  ]);
  const { code, items, apart } = await sync("--type=add-field");
  expect([code, apart, items.length]).toEqual([0, 3, 3]);
  number = has(items, RETURNED)!.change!;
  const change = await people.dev.ask("changes.get", { params: { id: number } });
  expect(change).toMatchObject({ status: "draft", title: "Let orders be returned", priority: "low", requester: "dev" });
  expect(change.fields).toMatchObject({ components: ["data-layer"] });
  expect(change.description).toContain("- PUT /api/orders/:id/status endpoint\n  - accepts `returned`");
  const { items: comments } = await people.dev.ask("changes.comments", { params: { id: number } });
  expect(comments[0]!.text).toContain("requested by web-app, dated 2026-04-02");
  expect(await sync("--type=add-field")).toMatchObject({ code: 0, items: [], inStep: 3 });
});

test("a ticket that is moved on submits its draft, and waits there until the change has come so far", async () => {
  await people.dev.ask("changes.edit", { params: { id: number }, body: { fields: { tables: ["orders"] } } });
  move(RETURNED, "todo", "in-progress");
  const { code, items } = await sync("--no-create");
  expect([code, items]).toMatchObject([0, [{ act: "submit", change: number, ok: true }]]);
  const waits = await sync("--no-create");
  expect(waits).toMatchObject({ code: 1, items: [{ act: "conflict", code: "TICKET_CONFLICT", change: number }] });
  expect(on(BOARD, "in-progress")).toContain(`${RETURNED}.md`);
});

test("a change under way gets a ticket on the board of each component it touches, and is known again by it", async () => {
  const road = await Road.begin(people, {
    title: "Keep a motto",
    fields: { components: ["data-layer", "web-app"] },
    artifacts: [handwork("look")],
  });
  const { items } = await sync("--no-create");
  const written = items.filter(({ act }) => act === "write");
  expect(written.map(({ component, change }) => [component, change])).toEqual([
    ["data-layer", road.number],
    ["web-app", road.number],
  ]);
  const text = readFileSync(join(shop, written[0]!.file!), "utf8");
  expect(text).toMatch(/^# Keep a motto\n\n\*\*Requester\*\*: rosa\n/);
  expect(text).toContain(`**Change**: ${road.number}\n`);
  const [known] = (await people.dev.ask("tickets.list", { query: { change: road.number } })).items;
  await people.dev.ask("tickets.forget", { params: { id: road.number, ticketId: known!.id } });
  const again = await sync("--no-create");
  expect(again.items.filter(({ act }) => act !== "conflict")).toMatchObject([
    { act: "link", component: "data-layer", change: road.number, ok: true },
  ]);

  const { steps } = await road.assess();
  for (const { id, stage, automatic, evidenceNeeded } of steps)
    if (stage === "planning" && !automatic)
      await road.complete(people.dev, id, evidenceNeeded[0] === "link" ? "link" : "note");
  await road.at("implementing");
  git("add", "-A");
  const moved = await sync("--no-create");
  expect(moved.items.filter(({ act }) => act === "move")).toMatchObject([
    { component: "data-layer", ok: true },
    { component: "web-app", ok: true },
  ]);
  for (const { component, key } of written) {
    const board = component === "data-layer" ? BOARD : "apps/web-app/.component-board";
    expect(on(board, "in-progress")).toContain(`${key}.md`);
    expect(on(board, "todo")).not.toContain(`${key}.md`);
  }
  // Git knows where it went without being told.
  expect(git("status", "--porcelain")).toMatch(
    /^A {2}data-layer\/.component-board\/in-progress\/.*-keep-a-motto\.md$/m,
  );
});

test("where both have moved apart nothing is done to either, and whoever decides is told how", async () => {
  const { items } = await people.dev.ask("tickets.list", { query: { component: "web-app" } });
  const { key, change } = items.find((one) => one.change.title === "Keep a motto")!;
  const board = "apps/web-app/.component-board";
  move(key, "in-progress", "todo", board);
  const { code, items: done } = await sync("--no-create", "--component=web-app");
  expect([code, done]).toMatchObject([
    1,
    [{ act: "conflict", key, change: change.number, ok: false, hint: expect.stringContaining(change.number) }],
  ]);
  expect(on(board, "todo")).toContain(`${key}.md`);
  expect((await people.dev.ask("changes.get", { params: { id: change.number } })).status).toBe("implementing");
  move(key, "todo", "in-progress", board);
});

test("a ticket whose file is gone is told, and can be let go; one belongs to one change", async () => {
  rmSync(join(shop, BOARD, "in-progress", `${RETURNED}.md`));
  const { items } = await sync("--no-create", "--component=data-layer");
  expect(has(items, RETURNED)).toMatchObject({ act: "conflict", hint: expect.stringContaining("tickets forget") });
  const { items: tickets } = await people.dev.ask("tickets.list", { query: { component: "data-layer" } });
  const other = tickets.find(({ key }) => key !== RETURNED)!;
  const body = { component: "data-layer", key: other.key, folder: "todo" as const };
  const refusal = await people.dev
    .ask("tickets.keep", { params: { id: number }, body })
    .then(String, (error) => error.problem);
  expect(refusal).toMatchObject({ code: "TICKET_TAKEN", status: 409 });
  const gone = await type("tickets", "forget", number, `data-layer/${RETURNED}`);
  expect([gone.code, gone.stdout]).toEqual([0, `data-layer/${RETURNED} belongs to ${number} no longer.\n`]);
});

test("a broken ticket, one too many and a name that is taken are told with their place, and the rest goes on", async () => {
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(shop, BOARD, file)), { recursive: true });
    writeFileSync(join(shop, BOARD, file), text);
  };
  write("todo/2026-05-01-words.md", "no heading\n");
  write("todo/2026-05-02-fine.md", "# Fine\n");
  write("todo/2026-05-03-names.md", "# Names a change\n\n**Change**: CHG-9999\n");
  const { code, stdout } = await type("tickets", "sync", "--type=add-field", "--component=data-layer");
  expect(code).toBe(1);
  expect(stdout).toContain(`${BOARD}/todo/2026-05-01-words.md:1: The ticket has no title. TICKET_INVALID`);
  expect(stdout).toMatch(/2026-05-02-fine \(CHG-[^)]+\): \S+ was created as a draft/);
  expect(stdout).toContain("it names CHG-9999, and there is no such change");
  const list = await type("tickets", "list", "--component=data-layer");
  expect(list.stdout).toMatch(/2026-05-02-fine +todo +CHG-\S+ +draft +Fine/);
});

test("a requester who may not is refused before anything is written", async () => {
  const { rosa } = people;
  const body = { component: "data-layer", key: "none", folder: "todo" as const };
  const refusal = await rosa
    .ask("tickets.keep", { params: { id: number }, body })
    .then(String, (error) => error.problem);
  expect(refusal).toMatchObject({ code: "NOT_ALLOWED", status: 403 });
});
