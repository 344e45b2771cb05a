import { expect, test } from "vitest";
import { loadWorkspaceFile } from "../../configuration/workspace-file.ts";
import { memoryReader } from "../reader.ts";
import { draftWorkspace, type Surroundings } from "./draft-workspace.ts";

const around: Surroundings = {
  name: "my shop!",
  boards: [],
  owners: null,
  migrations: [],
  databases: [],
  postgres: null,
};

function draft(files: Readonly<Record<string, string>>, surroundings: Partial<Surroundings> = {}) {
  const drafted = draftWorkspace(memoryReader(files), { ...around, ...surroundings });
  const loaded = loadWorkspaceFile(drafted.text, "change-mgmt.yaml");
  if (!loaded.ok) throw new Error(`${loaded.refusal.message}\n${drafted.text}`);
  return { ...drafted, config: loaded.value };
}

test("packages of the workspace are components, those below a board are one, and owners are teams", () => {
  const files = {
    "pnpm-workspace.yaml": "packages: [apps/*, data/*, '!apps/old']\n",
    "package.json": '{ "name": "root" }',
    "apps/web/package.json": '{ "name": "@shop/web" }',
    "apps/old/package.json": "{}",
    "data/domain/package.json": "{}",
    "data/client/package.json": "{}",
    "tools/x/package.json": "{}",
    "services/pay/go.mod": "module pay\n",
  };
  const owners = { file: ".github/CODEOWNERS", text: "/apps/ @shop/web-team\n/nobody?? nobody at all\n" };
  const { config, unrecognised, found } = draft(files, { boards: ["data"], owners });
  expect(config.components).toEqual([
    { name: "web", path: "apps/web", team: "web-team" },
    { name: "data", path: "data", team: "unowned", board: "data/.component-board" },
  ]);
  expect(config.teams).toContainEqual({ name: "web-team", title: "Web team" });
  expect(found.slice(0, 3)).toEqual(["2 components: web, data", "1 team: web-team", "1 board: data"]);
  expect(unrecognised).toEqual([
    ".github/CODEOWNERS:2 names no owner that can be read.",
    ".github/CODEOWNERS names no owner of data.",
    "No migrations were found.",
    "services/pay/go.mod: Go is not read, so it is no component unless you write it.",
  ]);
});

test("a repository without packages is one component, and two folders of one name are told apart", () => {
  expect(draft({ "src/a.ts": "" }).config.components).toEqual([{ name: "my-shop-", path: ".", team: "unowned" }]);
  const { config } = draft({ "a/core/package.json": "{}", "b/core/package.json": "{}", "pnpm-workspace.yaml": ": [" });
  expect(config.components.map(({ name }) => name)).toEqual(["a-core", "b-core"]);
});

test("migrations, the version of Postgres and databases that settings name are written as settings", () => {
  const { config, text } = draft(
    {},
    {
      postgres: 15,
      migrations: [
        { tool: "goose", folder: "db", count: 3, foreign: null },
        { tool: "plain", folder: "ch", count: 1, foreign: "ClickHouse" },
      ],
      databases: ["STAGING_DATABASE_URL", "DATABASE_URL"].map((variable) => ({ variable, file: ".env.example" })),
    },
  );
  expect(config).toMatchObject({
    postgres: 15,
    check: { paths: ["db"] },
    environments: [{ name: "staging", database: `\${STAGING_DATABASE_URL}` }],
  });
  expect(config.environments).toHaveLength(1);
  expect(text).toContain("# 3 goose migrations in db\n");
});

test("what validate finds stands there in comments that are settings when they are uncommented", () => {
  const { text } = draft({
    "domain.ts": "export interface OrderRepository { find(): void }\n",
    "memory/orders.ts":
      'import type { OrderRepository } from "../domain.js";\nexport class MemoryOrderRepository implements OrderRepository { find() {} }\n',
  });
  const [settled, comments] = text.split("# validate:\n");
  const loaded = loadWorkspaceFile(`${settled}validate:\n${comments!.replace(/^# /gm, "")}`, "change-mgmt.yaml");
  expect(loaded).toMatchObject({
    ok: true,
    value: {
      validate: { interfaces: ["*Repository"], backends: [{ name: "memory", paths: ["memory"] }], waivers: [] },
    },
  });
});
