// node test/chaos/rollbacks.ts --server=URL [--drawn=200] [--seed=1] [--postgres=16] [--only=PATTERN] [--skip=N] [--record]: pairs of a migration and its way
// back, written by hand and drawn, on a real Postgres, where pg_dump and the rows before and after tell what came back, and in a rehearsal,
// which has to say the same. pg_dump must not be older than the server. Prints what was said otherwise and the counts; exits 1 then.
// --record keeps what the server said for those that `npm test` tries without one.
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { EmbeddedMajor } from "@change-mgmt/analysis/rehearsal/embedded-majors.ts";
import { drawnPair } from "./rollbacks/drawn.ts";
import { DumpedTruth } from "./rollbacks/dumped.ts";
import { Rehearsals } from "./rollbacks/rehearsed.ts";
import { agree, KNOWN, quickPairs } from "./rollbacks/selection.ts";
import { inWords } from "./rollbacks/verdict.ts";
import { writtenPairs } from "./rollbacks/written.ts";

const { values } = parseArgs({
  options: {
    server: { type: "string" },
    drawn: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    postgres: { type: "string", default: "16" },
    only: { type: "string" },
    skip: { type: "string", default: "0" },
    record: { type: "boolean", default: false },
    help: { type: "boolean" },
  },
});
if (values.help || values.server === undefined) {
  process.stdout.write(
    "node test/chaos/rollbacks.ts --server=postgres://… [--drawn=200] [--seed=1] [--postgres=16|17|18] [--only=PATTERN] [--skip=N] [--record]\n",
  );
  process.exit(values.help ? 0 : 2);
}
const drawn = [...Array(Number(values.drawn)).keys()].map((number) => drawnPair(Number(values.seed), number));
const pairs = values.record
  ? quickPairs()
  : [...writtenPairs(), ...drawn]
      .filter(({ name }) => values.only === undefined || new RegExp(values.only).test(name))
      .slice(Number(values.skip));
const rehearsals = await Rehearsals.open(
  Number(values.postgres) as EmbeddedMajor,
  join(tmpdir(), "change-mgmt-rollbacks"),
);
const truth = await DumpedTruth.open(values.server);
const counts = new Map<string, number>();
const recorded: Record<string, string> = {};
let wrong = 0;
for (const pair of pairs) {
  const is = await truth.verdict(pair);
  const said = await rehearsals.verdict(pair);
  counts.set(inWords(is), (counts.get(inWords(is)) ?? 0) + 1);
  recorded[pair.name] = inWords(is);
  if (agree(is, said) && values.only === undefined) continue;
  if (!agree(is, said) && KNOWN[pair.name] === undefined) wrong += 1;
  process.stdout.write(
    `${pair.name}: ${inWords(is)} (${is.because}), rehearsed: ${inWords(said)} (${said.because})\n  ${pair.up.replaceAll("\n", "\n  ")}\n  --\n  ${pair.down.replaceAll("\n", "\n  ")}\n`,
  );
}
await truth.close();
await rehearsals.close();
if (values.record)
  await writeFile(new URL("./rollbacks/dumped.json", import.meta.url), `${JSON.stringify(recorded, null, 2)}\n`);
process.stdout.write(`${JSON.stringify({ pairs: pairs.length, wrong, ...Object.fromEntries(counts) })}\n`);
process.exitCode = wrong > 0 ? 1 : 0;
