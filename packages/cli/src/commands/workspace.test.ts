import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeServer, startFakeServer } from "../testing/fake-server.ts";
import { freshFolder, runLine } from "../testing/run-line.ts";
import { minutesAgo } from "../testing/samples.ts";

const user = {
  id: "u1",
  handle: "ada",
  name: "Ada Lovelace",
  email: null,
  roles: ["developer"],
  teams: ["data"],
  positions: [{ position: "tech-lead", team: "data" }],
  disabled: false,
  createdAt: minutesAgo(9),
};
const team = { id: "t1", name: "data", title: "Data layer", members: ["ada"] };
const token = {
  id: "k1",
  name: "ci",
  user: "ada",
  scopes: ["read"],
  createdAt: minutesAgo(60),
  expiresAt: minutesAgo(1),
  lastUsedAt: null,
  revokedAt: null,
};
const environment = {
  name: "staging",
  order: 1,
  database: "embedded:staging",
  lockTimeoutMs: 3000,
  statementTimeoutMs: 0,
  retries: 5,
  schemaHash: null,
  snapshotAt: null,
  running: null,
};
const config = {
  version: 2,
  hash: "abc",
  workspace: "shop",
  process: "data-layer",
  folder: null,
  teams: [{ name: "data", title: "Data layer" }],
  components: [{ name: "bot", path: "apps/bot", team: "data", board: "apps/bot/.board" }],
  commands: [
    {
      name: "reload",
      run: ["node", "reload.mjs", `\${TARGET}`],
      verify: null,
      rollback: ["node", "unload.mjs"],
      workingFolder: "apps/bot",
      timeoutSeconds: 90,
    },
  ],
  environments: [{ ...environment, name: "production", order: 2 }, environment],
  importedBy: "ada",
  importedAt: minutesAgo(5),
  change: null,
};
const processDocument = {
  name: "data-layer",
  hash: "h",
  process: {
    name: "data-layer",
    title: "Data layer",
    version: 1,
    owner: "data",
    description: "Eight steps.",
    types: [{ id: "index", title: "Index", description: "An index." }],
    form: { fields: [{ id: "title", kind: "text", required: true, help: "One line." }] },
    stages: [
      { id: "draft", title: "Draft", status: "draft", steps: [], transitions: [{ on: "submit", to: "closed" }] },
      {
        id: "closed",
        title: "Closed",
        status: "closed",
        steps: [{ id: "tell", title: "Tell people" }],
        transitions: [],
      },
    ],
  },
};
const held = {
  hold: { reason: "Restored.", by: "restore", since: minutesAgo(5) },
  unfinished: [{ deployment: "d1", change: "CHG-7", environment: "staging", direction: "deploy", state: "waiting" }],
};
const bodies: Record<string, unknown> = {};
const keep = (name: string, answer: object) => (seen: { body: unknown; params: object; query: object }) => {
  bodies[name] = { ...seen.params, ...seen.query, ...(seen.body as object) };
  return answer;
};

let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer({
    "users.create": keep("users.create", user),
    "users.edit": keep("users.edit", { ...user, disabled: true }),
    "users.list": ({ query }) =>
      query.cursor ? { items: [user], nextCursor: null } : { items: [user], nextCursor: "2" },
    "teams.create": keep("teams.create", team),
    "teams.list": () => ({ items: [team] }),
    "teams.addMember": keep("teams.addMember", team),
    "teams.removeMember": keep("teams.removeMember", { ...team, members: [] }),
    "tokens.create": keep("tokens.create", { ...token, secret: "cm_once" }),
    "tokens.list": keep("tokens.list", { items: [token, { ...token, expiresAt: null, revokedAt: minutesAgo(1) }] }),
    "tokens.revoke": keep("tokens.revoke", { ok: true }),
    "links.create": keep("links.create", { url: "http://h/sign-in?code=abc", expiresAt: minutesAgo(-15) }),
    "config.get": () => config,
    "config.import": keep("config.import", config),
    "environments.list": () => ({ items: config.environments }),
    "environments.baseline": keep("environments.baseline", { environment: "staging", schemaHash: "abc", objects: 12 }),
    "hold.get": () => held,
    "hold.set": keep("hold.set", held),
    "hold.release": keep("hold.release", { hold: null, unfinished: [] }),
    "processes.list": () => ({
      items: [
        {
          name: "data-layer",
          title: "Data layer",
          version: 1,
          hash: "h",
          types: [{ id: "add-field", title: "Add a field" }],
        },
      ],
    }),
    "processes.get": () => processDocument,
    "processes.versions": () => ({
      items: [
        { hash: "bb22", version: 2, since: minutesAgo(1), inForce: true, changes: 0 },
        { hash: "aa11", version: 1, since: minutesAgo(9), inForce: false, changes: 4 },
        { hash: "ab12", version: 1, since: minutesAgo(10), inForce: false, changes: 1 },
      ],
    }),
    "processes.version": ({ params }) => {
      bodies["processes.version"] = params;
      return { ...processDocument, hash: params.hash, version: 1, since: minutesAgo(9), inForce: false };
    },
    "jobs.dead": () => ({
      items: [
        {
          id: "j1",
          handler: "notify",
          event: "change.approved",
          change: "CHG-1",
          error: "refused",
          at: minutesAgo(1),
          data: {},
        },
      ],
    }),
    "jobs.resend": keep("jobs.resend", { ok: true }),
  });
});
afterAll(async () => {
  await server.close();
  expect(server.violations).toEqual([]);
});
const on = (line: readonly string[], options = {}) => runLine(line, { server: server.address, ...options });

describe("writing", () => {
  test.each([
    [
      [
        "user",
        "create",
        "ada",
        "--name=Ada Lovelace",
        "--role=qa",
        "--role=developer",
        "--team=data",
        "--position=tech-lead@data",
      ],
      "users.create",
      {
        handle: "ada",
        name: "Ada Lovelace",
        roles: ["developer", "qa"],
        teams: ["data"],
        positions: [{ position: "tech-lead", team: "data" }],
      },
    ],
    [["user", "create", "bot"], "users.create", { handle: "bot", name: "bot" }],
    [["user", "edit", "ada", "--disable", "--email=none"], "users.edit", { name: "ada", disabled: true, email: null }],
    [["team", "create", "data", "--title=Data"], "teams.create", { name: "data", title: "Data" }],
    [["team", "add", "data", "ada"], "teams.addMember", { name: "data", user: "ada" }],
    [["team", "remove", "data", "ada"], "teams.removeMember", { name: "data", user: "ada" }],
    [
      ["token", "create", "ci", "--user=ada", "--scope=read", "--scope=reports", "--expires-in-days=90"],
      "tokens.create",
      { name: "ci", user: "ada", scopes: ["read", "reports"], expiresInDays: 90 },
    ],
    [["token", "revoke", "k1"], "tokens.revoke", { id: "k1" }],
    [["token", "list", "--all"], "tokens.list", { all: true }],
    [["link", "ada"], "links.create", { user: "ada" }],
    [
      ["environment", "baseline", "staging", "--reason=By hand"],
      "environments.baseline",
      { name: "staging", reason: "By hand" },
    ],
    [["deployment", "hold", "--reason=Fire"], "hold.set", { reason: "Fire" }],
    [["deployment", "release"], "hold.release", {}],
    [["deployment", "release", "--note=Looked"], "hold.release", { note: "Looked" }],
    [["jobs", "resend", "j1"], "jobs.resend", { id: "j1" }],
  ])("%j sends what was typed", async (line, name, request) => {
    const said = await on(line);
    expect(said.stderr + said.code).toMatch(/0$/);
    expect(bodies[name]).toMatchObject(request);
  });

  test("a token's secret is all that goes to stdout", async () => {
    const said = await on(["token", "create", "ci"]);
    expect(said.stdout).toBe("cm_once\n");
    expect(said.stderr).toContain("the only time it is shown");
  });

  test("a configuration is sent with its name, from the working folder by default", async () => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, "change-mgmt.yaml"), "workspace: shop\n");
    const said = await on(["config", "import", "--change=CHG-1"], { cwd });
    expect(said.code).toBe(0);
    expect(bodies["config.import"]).toEqual({
      file: "change-mgmt.yaml",
      folder: cwd,
      text: "workspace: shop\n",
      change: "CHG-1",
    });
    expect((await on(["config", "import", "other.yaml"], { cwd })).code).toBe(3);
  });
});

describe("reading", () => {
  test.each([
    [
      ["user", "list"],
      ["ada", "Ada Lovelace", "developer", "tech-lead@data", "active"],
    ],
    [
      ["team", "list"],
      ["data", "Data layer", "ada"],
    ],
    [
      ["token", "list"],
      ["ci", "never", "expired", "revoked"],
    ],
    [
      ["config", "show"],
      [
        "shop, version 2, imported by ada 5 minutes ago",
        "Data layer",
        "apps/bot/.board",
        "embedded:staging",
        "3 s, 5 more tries",
        `node reload.mjs \${TARGET}`,
        "90 s",
      ],
    ],
    [
      ["environment", "list"],
      ["staging", "none yet"],
    ],
    [
      ["deployment", "held"],
      ["held by restore since 5 minutes ago: Restored.", "d1", "CHG-7", "staging", "change-mgmt deployment release"],
    ],
    [
      ["process", "list"],
      ["data-layer", "add-field"],
    ],
    [
      ["process", "show", "data-layer"],
      ["Data layer", "An index.", "One line.", "closed (submit)", "Tell people"],
    ],
    [
      ["process", "versions", "data-layer"],
      ["aa11", "yes", "4"],
    ],
    [
      ["process", "show", "data-layer", "--version=aa1"],
      ["Data layer", "not in force any more"],
    ],
    [
      ["jobs", "dead"],
      ["j1", "notify", "change.approved", "refused"],
    ],
  ])("%j shows it in aligned lines, and as one document", async (line, words) => {
    const said = await on(line);
    expect(said.code).toBe(0);
    for (const word of words) expect(said.stdout).toContain(word);
    const json = await on([...line, "--json"]);
    expect(json.json()).toMatchObject({ ok: true });
    expect(json.stderr).toBe("");
  });

  test("a version is named by its number or the beginning of its hash, when that names one", async () => {
    expect((await on(["process", "show", "data-layer", "--version=2"])).code).toBe(0);
    expect(bodies["processes.version"]).toEqual({ name: "data-layer", hash: "bb22" });
    for (const several of ["1", "a"]) {
      const said = await on(["process", "show", "data-layer", `--version=${several}`]);
      expect([said.code, said.stderr]).toEqual([2, expect.stringContaining("1 (aa11), 1 (ab12)")]);
    }
    expect((await on(["process", "show", "data-layer", "--version=7"])).stderr).toContain("never had a version");
  });

  test("people are read to the last page, environments stand in promotion order", async () => {
    expect((await on(["user", "list", "--json"])).json().items).toHaveLength(2);
    const { stdout } = await on(["environment", "list"]);
    expect(stdout.indexOf("staging")).toBeLessThan(stdout.indexOf("production"));
  });
});
