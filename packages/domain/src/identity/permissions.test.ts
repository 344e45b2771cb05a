import { describe, expect, test } from "vitest";
import {
  checkAnyPermission,
  checkConcern,
  checkPermission,
  ENGINE,
  PERMISSIONS,
  type Permission,
  permissionsOf,
} from "./permissions.ts";
import { type Actor, ROLES, type Role } from "./roles.ts";

const ALL = Object.keys(PERMISSIONS) as Permission[];

function actor(roles: readonly Role[], overrides: Partial<Actor> = {}): Actor {
  return { userId: "u1", handle: "ada", roles, teams: [], positions: [], ...overrides };
}

test.each(ROLES.map((role) => [role] as const))("%s may do what the table grants and nothing else", (role) => {
  for (const permission of ALL) {
    const { roles, ...grant }: { roles: readonly Role[]; anybody?: boolean } = PERMISSIONS[permission];
    const granted = roles.includes(role) || grant.anybody === true;
    expect([permission, checkPermission(actor([role]), permission).ok]).toEqual([permission, granted]);
  }
});

test("several roles add up", () => {
  const both = permissionsOf(actor(["auditor", "qa"]));
  const apart = new Set([...permissionsOf(actor(["auditor"])), ...permissionsOf(actor(["qa"]))]);
  expect(both).toEqual(ALL.filter((permission) => apart.has(permission)));
  expect(both.length).toBeGreaterThan(permissionsOf(actor(["qa"])).length);
});

test("somebody without a role may only sign in", () => {
  expect(permissionsOf(actor([]))).toEqual(["session.begin"]);
});

test("the engine may only record its own results, and nobody else may, whatever they hold", () => {
  expect(permissionsOf(ENGINE)).toEqual(["engine.record"]);
  expect(permissionsOf({ ...ENGINE, roles: ROLES })).toEqual(["engine.record"]);
  expect(checkPermission(actor(ROLES), "engine.record")).toMatchObject({
    refusal: { code: "NOT_ALLOWED", hint: "Only the engine does this." },
  });
});

test("an administrator neither votes nor deploys nor completes steps", () => {
  const may = permissionsOf(actor(["administrator"]));
  for (const act of [
    "change.vote",
    "change.deploy",
    "change.rollback",
    "change.step",
    "deployment.sign-off",
  ] as const) {
    expect(may).not.toContain(act);
  }
});

test("a refusal names the act and the roles that could", () => {
  expect(checkPermission(actor(["requester"]), "change.deploy")).toEqual({
    ok: false,
    refusal: {
      code: "NOT_ALLOWED",
      message: "ada may not deploy changes.",
      hint: "It takes one of these roles: team-lead, operator. An administrator can give them.",
      details: { permission: "change.deploy", roles: ["team-lead", "operator"] },
    },
  });
});

test("the scopes of a token limit and never grant", () => {
  const limited = actor(["operator"], { scopes: ["deployments"] });
  expect(checkPermission(limited, "change.deploy").ok).toBe(true);
  expect(checkPermission(limited, "change.edit")).toMatchObject({
    refusal: {
      code: "SCOPE_MISSING",
      message: "The token of ada may not edit changes: it is limited to deployments.",
      hint: 'Use a token with the scope "changes".',
    },
  });
  expect(checkPermission(actor(["requester"], { scopes: ["deployments"] }), "change.deploy")).toMatchObject({
    refusal: { code: "NOT_ALLOWED" },
  });
  expect(checkPermission(actor(["operator"], { scopes: [] }), "change.read")).toMatchObject({
    refusal: { message: "The token of ada may not read changes: it is limited to nothing." },
  });
});

test.each(["read", "changes", "votes", "deployments", "reports", "administration"])(
  "a token of the scope %s may do of all things only those of this scope",
  (scope) => {
    const within = ALL.filter((permission) => PERMISSIONS[permission].scope === scope);
    const expected = ALL.filter(
      (permission) => permission === "session.begin" || (within.includes(permission) && permission !== "engine.record"),
    );
    expect(within).not.toEqual([]);
    expect(permissionsOf(actor(ROLES, { scopes: [scope] }))).toEqual(expected);
  },
);

test("of several permissions one is enough; without any the refusal is that of the first", () => {
  const either = ["audit.read", "change.read"] as const;
  expect(checkAnyPermission(actor(["requester"]), either).ok).toBe(true);
  expect(checkAnyPermission(actor(["auditor"]), either).ok).toBe(true);
  expect(checkAnyPermission(actor([]), either)).toEqual(checkPermission(actor([]), "audit.read"));
});

describe("changes that somebody has to do with", () => {
  const change = { number: "CHG-7", requester: "rosa", assignee: "dev", team: "core" };

  test("the requester, the assignee and the team may edit, an administrator too, others not", () => {
    const may = (who: Partial<Actor>, roles: readonly Role[] = ["developer"]) =>
      checkConcern(actor(roles, who), "change.edit", change).ok;
    expect([may({ handle: "rosa" }), may({ handle: "dev" }), may({ teams: ["core"] }), may({})]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(may({}, ["administrator"])).toBe(true);
  });

  test("a draft has no team, and nobody is taken for a member of none", () => {
    const draft = { ...change, assignee: null, team: null };
    expect(checkConcern(actor(["developer"]), "change.submit", draft)).toMatchObject({
      refusal: {
        code: "NOT_YOURS",
        message:
          "ada may submit changes, but not CHG-7: that is for its requester, its assignee and these roles: administrator.",
      },
    });
  });

  test("where a role has it for every change, nothing else is asked", () => {
    expect(checkConcern(actor(["requester"]), "change.cancel", change)).toMatchObject({
      refusal: {
        code: "NOT_YOURS",
        message: expect.stringContaining("the team core and these roles: team-lead"),
        details: { permission: "change.cancel", roles: ["team-lead", "architect", "operator", "administrator"] },
      },
    });
    expect(checkConcern(actor(["requester", "operator"]), "change.cancel", change).ok).toBe(true);
    expect(checkConcern(actor(["requester"]), "change.comment", change).ok).toBe(true);
  });

  test("only roles that have a permission can be limited in it", () => {
    for (const grant of Object.values(PERMISSIONS)) {
      const { roles, ownOnly = [] }: { roles: readonly Role[]; ownOnly?: readonly Role[] } = grant;
      expect(ownOnly.filter((role) => !roles.includes(role))).toEqual([]);
    }
  });
});
