import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { expect, test } from "vitest";
import { ENGINE_VERSION, templateFolder } from "./template.ts";

test("the folder of an empty database is made once, also where several ask at once, and its copies are databases of their own", async () => {
  const folder = await mkdtemp(join(tmpdir(), "template-"));
  try {
    const cache = join(folder, "cache");
    const paths = await Promise.all([templateFolder(cache), templateFolder(cache)]);
    expect(new Set(paths).size).toBe(1);
    const made = [`template-pglite-${ENGINE_VERSION}`, `template-pglite-${ENGINE_VERSION}.tar`];
    expect((await readdir(cache)).sort()).toEqual(made);
    const tables: unknown[] = [];
    for (const name of ["one", "two"]) {
      const dataDir = join(folder, name);
      await cp(await templateFolder(cache), dataDir, { recursive: true });
      const database = await PGlite.create({ dataDir });
      await database.exec(`CREATE TABLE ${name} (x int)`);
      const { rows } = await database.query(
        "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace",
      );
      tables.push(rows);
      await database.close();
    }
    expect(tables).toEqual([[{ name: "one" }], [{ name: "two" }]]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
