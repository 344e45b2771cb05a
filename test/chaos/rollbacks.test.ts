import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Rehearsals } from "./rollbacks/rehearsed.ts";
import { KNOWN, quickPairs } from "./rollbacks/selection.ts";
import { inWords } from "./rollbacks/verdict.ts";
import { writtenPairs } from "./rollbacks/written.ts";

/** What pg_dump and the rows before and after said on a real Postgres 15; made by `node test/chaos/rollbacks.ts --record`. */
const DUMPED: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL("./rollbacks/dumped.json", import.meta.url), "utf8"),
);

test("a rehearsal says of ways back what pg_dump said of them", async () => {
  const rehearsals = await Rehearsals.open(16, join(tmpdir(), "change-mgmt-test-cache"));
  const said: Record<string, string> = {};
  try {
    for (const pair of quickPairs()) said[pair.name] = inWords(await rehearsals.verdict(pair));
  } finally {
    await rehearsals.close();
  }
  expect(said).toEqual(DUMPED);
  // Of each end there are some, or the comparison would mean little.
  const ends = Object.values(said);
  for (const end of [/^exact, rows equal$/, /^differs/, /^column-order/, /rows differs$/, /^fails$/])
    expect(ends.filter((one) => end.test(one)).length, String(end)).toBeGreaterThan(0);
});

test("each pair has a name of its own, and what is known to be said otherwise is among them", () => {
  const names = writtenPairs().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(400);
  expect(names).toEqual(expect.arrayContaining(Object.keys(KNOWN)));
});
