import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findHistories } from "../sql/histories/find-histories.ts";
import { SourceTree } from "../sql/histories/source-tree.ts";
import { aRepository } from "../testing/repository.ts";
import { readEarlier } from "./earlier-entries.ts";

async function read(root: string, cacheFolder: string | null) {
  const tree = await SourceTree.list(root);
  const [history] = await findHistories(tree, true);
  const entries = await readEarlier(tree, history!, history!.entries, new Map(), cacheFolder);
  return entries.map(({ entry, ...rest }) => ({ name: entry.name, ...rest }));
}

test("what was read before is what is read now, until its text changes", async () => {
  const root = aRepository({
    "m/1_a.up.sql": "\uFEFFcreate table é (a int);\n",
    "m/1_a.down.sql": "drop table é;",
    "m/2_b.up.sql": "create index concurrently i on é (a);",
    "m/3_c.up.sql": "select 'not closed",
  });
  const cache = join(root, "cache");
  const first = await read(join(root, "m"), cache);
  expect(first).toEqual(await read(join(root, "m"), null));
  expect(await read(join(root, "m"), cache)).toEqual(first);
  expect(first.map(({ transactional }) => transactional)).toEqual([true, false, true]);
  expect(first[2]!.broken).toMatchObject({ line: 1 });
  writeFileSync(join(root, "m", "3_c.up.sql"), "select 'closed';");
  expect((await read(join(root, "m"), cache))[2]).toMatchObject({ broken: null, up: "select 'closed';" });
});
