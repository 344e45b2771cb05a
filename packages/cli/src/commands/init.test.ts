import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadWorkspaceFile } from "@change-mgmt/analysis/configuration/workspace-file.ts";
import { expect, test } from "vitest";
import { freshFolder, runLine } from "../testing/run-line.ts";

const SHOP = resolve(import.meta.dirname, "../../../../examples/shop");
const init = (cwd: string, ...words: string[]) => runLine(["init", ...words], { token: null, cwd });

function aShop(): string {
  const folder = freshFolder();
  cpSync(SHOP, folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
  return folder;
}

test("finds in the example repository what its own file says of components, teams and boards, and validate reads what is written", async () => {
  const cwd = aShop();
  const file = join(cwd, "change-mgmt.yaml");
  const before = readFileSync(file, "utf8");
  expect(await init(cwd)).toMatchObject({ code: 1, stderr: expect.stringContaining("CONFIGURATION_EXISTS") });
  expect(readFileSync(file, "utf8")).toBe(before);
  rmSync(file);
  writeFileSync(join(cwd, ".env.example"), "STAGING_DATABASE_URL=postgres://somebody:secret@host/db\n");
  const said = await init(cwd);
  expect(said).toMatchObject({ code: 0, stderr: "" });
  expect(said.stdout).toContain("✓ 6 supabase migrations in supabase/migrations\n");
  expect(said.stdout).toContain(
    "✓ 3 repository interfaces: UserRepository, ProductRepository, OrderRepository\n✓ 2 backends: memory, supabase\n✓ 12 routes: 12 of fastify\n",
  );
  const written = readFileSync(file, "utf8");
  expect(written).not.toContain("secret");
  const [own, found] = [before, written].map((text) => {
    const loaded = loadWorkspaceFile(text, "change-mgmt.yaml");
    if (!loaded.ok) throw new Error(loaded.refusal.message);
    return loaded.value;
  });
  const untold = own!.components.map(({ team, ...component }) => component);
  expect(
    found!.components.map(({ team, ...component }) => component).sort((a, b) => (a.name < b.name ? -1 : 1)),
  ).toEqual(untold.sort((a, b) => (a.name < b.name ? -1 : 1)));
  expect(Object.fromEntries(found!.components.map(({ name, team }) => [name, team]))).toEqual(
    Object.fromEntries(own!.components.map(({ name, team }) => [name, team])),
  );
  expect(found).toMatchObject({
    postgres: 17,
    check: { paths: ["supabase/migrations"] },
    environments: [{ name: "staging" }],
  });
  expect((await runLine(["validate", "--no-migrations"], { token: null, cwd })).code).toBe(0);
});

test("--print shows the file and writes none, and a folder that is not there is wrong usage", async () => {
  const cwd = freshFolder();
  expect((await init(cwd, "--print")).stdout).toContain("components:\n");
  expect(existsSync(join(cwd, "change-mgmt.yaml"))).toBe(false);
  expect(await init(cwd, "--path=nowhere")).toMatchObject({ code: 2 });
});
