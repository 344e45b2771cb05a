import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startFakeServer } from "../testing/fake-server.ts";
import { freshFolder, runLine } from "../testing/run-line.ts";
import { aChange } from "../testing/samples.ts";

const form = [
  { id: "title", kind: "text" },
  { id: "components", kind: "components" },
  { id: "tables", kind: "list" },
  { id: "stakeholders", kind: "users" },
  { id: "securityReview", kind: "boolean" },
  { id: "hours", kind: "number" },
];

async function withServer() {
  const created: unknown[] = [];
  const server = await startFakeServer({
    "changes.create": ({ body }) => {
      created.push(body);
      return aChange({ status: "draft", acts: [{ act: "submit", allowed: true }] });
    },
    "config.get": () => ({
      version: 1,
      hash: "h",
      workspace: "shop",
      process: "data-layer",
      folder: null,
      teams: [],
      components: [],
      environments: [],
      commands: [],
      importedBy: "ada",
      importedAt: "2026-11-20T10:00:00Z",
      change: null,
    }),
    "processes.get": ({ params }) => ({ name: params.name, hash: "h", process: { form: { fields: form } } }),
  });
  return { server, created };
}

test("the specification's own line creates a change and proposes the next act", async () => {
  const { server, created } = await withServer();
  const said = await runLine(["create", "--type=add-field", "--title=Add user preferences"], {
    server: server.address,
  });
  await server.close();
  expect(server.violations).toEqual([]);
  expect(said.code).toBe(0);
  expect(created).toEqual([
    { fields: { title: "Add user preferences", type: "add-field" }, artifacts: [], submit: false },
  ]);
  expect(said.stdout).toBe(`✓ CHG-12 created: Add a nickname to users · draft · Review and approval
next: change-mgmt submit CHG-12
`);
  expect(said.stderr).toBe("");
});

test("fields take the kind the form gives them", async () => {
  const { server, created } = await withServer();
  const argv = ["create", "--component=bot", "--component=web,api", "--table=users", "--field=stakeholders=dora, emil"];
  await runLine([...argv, "--field=securityReview=yes", "--field=hours=1.5", "--field=unknown=x=y"], {
    server: server.address,
  });
  await server.close();
  expect(server.violations).toEqual([]);
  expect(created).toMatchObject([
    {
      fields: {
        components: ["bot", "web", "api"],
        tables: ["users"],
        stakeholders: ["dora", "emil"],
        securityReview: true,
        hours: 1.5,
        unknown: "x=y",
      },
    },
  ]);
});

test.each([
  ["--field=securityReview=perhaps", 'The field "securityReview" is yes or no, not "perhaps".'],
  ["--field=hours=many", 'The field "hours" is a number, not "many".'],
])("%s is wrong usage and creates nothing", async (option, sentence) => {
  const { server, created } = await withServer();
  const said = await runLine(["create", option], { server: server.address });
  await server.close();
  expect(said.code).toBe(2);
  expect(said.stderr).toContain(sentence);
  expect(created).toEqual([]);
});

test("artifacts are grouped as they were typed, and a file's content goes along", async () => {
  const { server, created } = await withServer();
  const cwd = freshFolder();
  writeFileSync(join(cwd, "0003_nickname.sql"), "ALTER TABLE users ADD COLUMN nickname text;\n");
  writeFileSync(join(cwd, "back.sql"), "ALTER TABLE users DROP COLUMN nickname;\n");
  const artifacts = [
    "--migration=0003_nickname.sql",
    "--down",
    "back.sql",
    "--external=reindex",
    "--arg=users",
    "--arg=--fast",
  ];
  const manual = [
    "--name=Rebuild search",
    "--manual=flag on::flag off",
    "--manual=tell people::tell them again",
    "--submit",
  ];
  const said = await runLine(["create", "--title=x", ...artifacts, ...manual, "--json"], {
    server: server.address,
    cwd,
  });
  await server.close();
  expect(server.violations).toEqual([]);
  expect(created).toMatchObject([
    {
      submit: true,
      artifacts: [
        {
          kind: "migration",
          id: "0003-nickname",
          name: "0003_nickname.sql",
          up: "ALTER TABLE users ADD COLUMN nickname text;\n",
          down: "ALTER TABLE users DROP COLUMN nickname;\n",
        },
        {
          kind: "external",
          id: "rebuild-search",
          name: "Rebuild search",
          command: "reindex",
          arguments: ["users", "--fast"],
        },
        {
          kind: "manual",
          id: "manual",
          steps: [
            { id: "step-1", title: "flag on", undo: "flag off" },
            { id: "step-2", title: "tell people", undo: "tell them again" },
          ],
        },
      ],
    },
  ]);
  expect(said.json()).toMatchObject({ ok: true, number: "CHG-12" });
});

test("a file gives fields and artifacts, and options win over it", async () => {
  const { server, created } = await withServer();
  const cwd = freshFolder();
  writeFileSync(
    join(cwd, "change.yaml"),
    "process: data-layer\nfields:\n  title: From the file\n  priority: high\n  breaking: true\nsubmit: true\n",
  );
  await runLine(["create", "--from=change.yaml", "--title=From the line"], { server: server.address, cwd });
  await server.close();
  expect(server.violations).toEqual([]);
  expect(created).toEqual([
    {
      process: "data-layer",
      fields: { title: "From the line", priority: "high", breaking: true },
      artifacts: [],
      submit: true,
    },
  ]);
});

test.each([
  ["fields: [", 2, "CHANGE_FILE_INVALID", /change\.yaml:\d+:\d+/],
  ["title: x\n", 2, "CHANGE_FILE_INVALID", /"title", which is none of process, fields/],
  ["fields: none\n", 2, "CHANGE_FILE_INVALID", /no "fields"/],
  [undefined, 3, "FILE_UNREADABLE", /there is no such file/],
])("a file that says %j is refused", async (text, code, problem, words) => {
  const cwd = freshFolder();
  if (text !== undefined) writeFileSync(join(cwd, "change.yaml"), text);
  const said = await runLine(["create", "--from=change.yaml"], { cwd });
  expect(said.code).toBe(code);
  expect(said.stderr).toContain(`[${problem}]`);
  expect(said.stderr).toMatch(words);
});

test("a migration is read as its tool wrote it, its down part beside it or in it", async () => {
  const { server, created } = await withServer();
  const cwd = freshFolder();
  mkdirSync(join(cwd, "supabase/migrations"), { recursive: true });
  writeFileSync(join(cwd, "0001_a.up.sql"), "CREATE TABLE a (id int);\n");
  writeFileSync(join(cwd, "0001_a.down.sql"), "DROP TABLE a;\n");
  writeFileSync(
    join(cwd, "2_b.sql"),
    "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY b ON a (id);\n-- +goose Down\nDROP INDEX b;\n",
  );
  writeFileSync(join(cwd, "supabase/migrations/20260101000000_c.sql"), "CREATE TABLE c (id int);\n");
  mkdirSync(join(cwd, "prisma/migrations/20260102000000_d"), { recursive: true });
  writeFileSync(join(cwd, "prisma/migrations/20260102000000_d/migration.sql"), "CREATE TABLE d (id int);\n");
  const paths = ["0001_a.up.sql", "2_b.sql", "supabase/migrations/20260101000000_c.sql"];
  const files = [...paths, "prisma/migrations/20260102000000_d/migration.sql"].map((file) => `--migration=${file}`);
  const said = await runLine(["create", ...files], { server: server.address, cwd });
  await server.close();
  expect(server.violations).toEqual([]);
  expect(said.code).toBe(0);
  expect(created).toMatchObject([
    {
      artifacts: [
        { id: "0001-a", name: "0001_a.up.sql", down: "DROP TABLE a;\n", transactional: true },
        {
          id: "2-b",
          name: "2_b.sql",
          down: expect.stringContaining("DROP INDEX b;"),
          transactional: false,
          tool: "goose",
        },
        { id: "20260101000000-c", name: "20260101000000_c.sql", down: null, tool: "supabase" },
        { name: "20260102000000_d/migration.sql", up: "CREATE TABLE d (id int);\n", tool: "prisma" },
      ],
    },
  ]);
  expect(JSON.stringify(created).match(/"tool"/g)).toHaveLength(3);
});

test("SQL that is wrong is refused with its line before anything is created", async () => {
  const { server, created } = await withServer();
  const cwd = freshFolder();
  writeFileSync(join(cwd, "wrong.sql"), "CREATE TABLE a (id int);\nCREATE TABEL b (id int);\n");
  const said = await runLine(["create", "--migration=wrong.sql"], { server: server.address, cwd });
  await server.close();
  expect(said.code).toBe(1);
  expect(said.stderr).toMatch(/\[SQL_INVALID\]\n {2}at wrong\.sql:2/);
  expect(created).toEqual([]);
});
