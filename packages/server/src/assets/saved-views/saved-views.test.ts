import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Store } from "../../storage/store.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { accepted, aSmallWorkspace, refused, type SmallWorkspace } from "../../testing/small-workspace.ts";
import { newEmbeddedStore, openedStore } from "../../testing/stores.ts";
import { createSavedView, deleteSavedView, editSavedView, setDefaultView } from "./saved-view-commands.ts";
import { findSavedView, readSavedViews } from "./saved-view-record.ts";

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres.stop());

describe.each(["embedded", "postgres"])("saved views on %s", (kind) => {
  let store: Store;
  let workspace: SmallWorkspace;
  let rosa: Actor;
  let ben: Actor;
  let admin: Actor;
  let member: Actor;

  beforeAll(async () => {
    store =
      kind === "embedded" ? await newEmbeddedStore() : await openedStore({ databaseUrl: await postgres.newDatabase() });
    workspace = await aSmallWorkspace(store);
    ({ rosa, ben, admin } = workspace.people);
    member = Object.values(workspace.people).find(
      ({ teams, roles }) => teams.includes("core") && !roles.includes("administrator"),
    )!;
  });

  afterAll(() => store?.close());

  const create = (input: Record<string, unknown>, actor = rosa) =>
    workspace.door.execute(createSavedView, { filters: { status: "draft" }, ...input }, { actor });
  const edit = (input: Record<string, unknown>, actor = rosa) =>
    workspace.door.execute(editSavedView, input, { actor });
  const names = async (actor: Actor) => (await readSavedViews(store.db, actor)).map(({ name }) => name);

  test("are seen by those they are shared with, and the trail says who made them", async () => {
    accepted(await create({ name: "Private" }));
    accepted(await create({ name: "Shared", sharedWith: "everybody" }));
    accepted(await create({ name: "Of the team", sharedWith: "team", team: "core" }, member));
    expect(await names(rosa)).toEqual(expect.arrayContaining(["Private", "Shared"]));
    expect(await names(ben)).toEqual(ben.teams.includes("core") ? ["Of the team", "Shared"] : ["Shared"]);
    expect(await names(member)).toContain("Of the team");
    expect(await names(admin)).toEqual(["Of the team", "Shared"]);
    expect(workspace.committed.filter(({ type }) => type === "saved-view.created")).toHaveLength(3);
    const { rows } = await store.pool.query(
      "SELECT details FROM change_mgmt.audit_trail WHERE action = 'saved-view.created' AND actor = 'rosa' ORDER BY id",
    );
    expect(rows[1].details).toMatchObject({ name: "Shared", filters: { status: "draft" }, sharedWith: "everybody" });
  });

  test("leave in the trail, while they are shared with nobody, that they are there and nothing of what they say", async () => {
    const secret = { name: "Redundancies in May", filters: { q: "layoff list" } };
    const { id } = accepted(await create(secret));
    accepted(await edit({ id, name: "Redundancies in June" }));
    accepted(await edit({ id, name: "Known to all", sharedWith: "everybody", filters: { q: "open" } }));
    accepted(await edit({ id, ...secret, sharedWith: "nobody" }));
    accepted(await workspace.door.execute(deleteSavedView, { id }, { actor: rosa }));
    const { rows } = await store.pool.query(
      "SELECT action, entry FROM change_mgmt.audit_trail WHERE details->>'view' = $1 ORDER BY id",
      [id],
    );
    expect(
      rows.map(({ action, entry }) => [action, /Redundancies|layoff/.test(entry), /Known to all/.test(entry)]),
    ).toEqual([
      ["saved-view.created", false, false],
      ["saved-view.edited", false, false],
      ["saved-view.edited", false, true],
      ["saved-view.edited", false, false],
      ["saved-view.deleted", false, false],
    ]);
    const told = await store.pool.query("SELECT 1 FROM change_mgmt.outbox WHERE payload::text ~ 'Redundancies|layoff'");
    expect(told.rows).toEqual([]);
  });

  test("have names that differ for one owner, and filters the list knows", async () => {
    accepted(await create({ name: "Once" }));
    expect(refused(await create({ name: "Once" })).code).toBe("VIEW_EXISTS");
    accepted(await create({ name: "Once" }, ben));
    expect(refused(await create({ name: " " })).code).toBe("INPUT_INVALID");
    expect(refused(await create({ name: "Other", filters: { colour: "red" } })).code).toBe("INPUT_INVALID");
    expect(refused(await create({ name: "Team?", sharedWith: "team" })).code).toBe("TEAM_NEEDED");
    expect(refused(await create({ name: "Team?", sharedWith: "team", team: "none" }, admin)).code).toBe("TEAM_UNKNOWN");
  });

  test("are renamed, shared and overwritten by their owner or an administrator, who looked at the version there is", async () => {
    const { id } = accepted(await create({ name: "First", sharedWith: "everybody" }));
    expect(refused(await edit({ id, name: "Mine now" }, ben)).code).toBe("VIEW_NOT_YOURS");
    accepted(await edit({ id, name: "Second", filters: { q: "users", columns: "number,title" } }));
    const view = accepted(await findSavedView(store.db, ben, id));
    expect(view).toMatchObject({ name: "Second", filters: { q: "users" }, version: 2, sharedWith: "everybody" });
    expect([view.editable, accepted(await findSavedView(store.db, rosa, id)).editable]).toEqual([false, true]);
    expect(refused(await edit({ id, name: "Late", expectedVersion: 1 })).code).toBe("STALE_VERSION");
    accepted(await edit({ id, name: "By root", expectedVersion: 2 }, admin));
    accepted(await edit({ id, sharedWith: "nobody" }));
    expect(refused(await edit({ id, name: "Unseen" }, admin)).code).toBe("NOT_FOUND");
    expect(refused(await edit({ id: "no id", name: "x" })).code).toBe("NOT_FOUND");
  });

  test("may be what one's list opens with, until they are gone or not shared any more", async () => {
    const { id } = accepted(await create({ name: "Usual", sharedWith: "everybody" }));
    const other = accepted(await create({ name: "Secret" }));
    const choose = (view: string | null, actor: Actor) => workspace.door.execute(setDefaultView, { view }, { actor });
    const chosen = async (actor: Actor) =>
      (await readSavedViews(store.db, actor)).filter((view) => view.default).map(({ name }) => name);
    accepted(await choose(id, ben));
    accepted(await choose(id, rosa));
    expect([await chosen(ben), await chosen(rosa), await chosen(admin)]).toEqual([["Usual"], ["Usual"], []]);
    expect(refused(await choose(other.id, ben)).code).toBe("NOT_FOUND");
    accepted(await choose(other.id, rosa));
    expect(await chosen(rosa)).toEqual(["Secret"]);
    accepted(await choose(null, rosa));
    expect(await chosen(rosa)).toEqual([]);
    accepted(await edit({ id, sharedWith: "nobody" }));
    expect(await chosen(ben)).toEqual([]);
    expect(refused(await workspace.door.execute(deleteSavedView, { id }, { actor: ben })).code).toBe("NOT_FOUND");
    accepted(await workspace.door.execute(deleteSavedView, { id }, { actor: rosa }));
    expect(refused(await workspace.door.execute(deleteSavedView, { id }, { actor: rosa })).code).toBe("NOT_FOUND");
    expect(await names(rosa)).not.toContain("Usual");
  });
});
