import { expect, test } from "vitest";
import type { Actor, Role } from "../identity/roles.ts";
import { checkSharing, mayEditView, mayReadView, type Sharing } from "./saved-view.ts";

const somebody = (handle: string, teams: readonly string[] = [], roles: readonly Role[] = []): Actor => ({
  userId: handle,
  handle,
  roles,
  teams,
  positions: [],
});
const view = (sharedWith: Sharing, team: string | null = null) => ({ name: "Mine", owner: "ada", sharedWith, team });
const ben = somebody("ben");
const core = somebody("cora", ["core"]);
const root = somebody("root", [], ["administrator"]);

test("a view is read by its owner and by those it is shared with", () => {
  const readers = (of: ReturnType<typeof view>) =>
    [somebody("ada"), ben, core, root].filter((one) => mayReadView(of, one)).map(({ handle }) => handle);
  expect(readers(view("nobody"))).toEqual(["ada"]);
  expect(readers(view("team", "core"))).toEqual(["ada", "cora", "root"]);
  expect(readers(view("team"))).toEqual(["ada"]);
  expect(readers(view("everybody"))).toEqual(["ada", "ben", "cora", "root"]);
});

test("a view is edited by its owner and by administrators", () => {
  for (const actor of [somebody("ada"), root])
    expect(mayEditView(view("everybody"), actor)).toEqual({ ok: true, value: true });
  expect(mayEditView(view("team", "core"), core)).toMatchObject({
    refusal: { code: "VIEW_NOT_YOURS", message: 'The view "Mine" is edited by ada and by administrators.' },
  });
});

test("a view is shared with a team by its members and by administrators", () => {
  for (const sharing of [view("nobody"), view("everybody")]) expect(checkSharing(sharing, ben).ok).toBe(true);
  for (const actor of [core, root]) expect(checkSharing(view("team", "core"), actor).ok).toBe(true);
  expect(checkSharing(view("team", "core"), ben)).toMatchObject({
    refusal: { code: "NOT_IN_TEAM", place: { pointer: "/team" } },
  });
  expect(checkSharing(view("team"), root)).toMatchObject({ refusal: { code: "TEAM_NEEDED" } });
});
