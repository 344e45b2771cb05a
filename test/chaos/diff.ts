// node test/chaos/diff.ts --server=URL [--pairs=500] [--seed=1] [--only=PAIR]: random pairs of schemas on a real Postgres. The planned
// SQL is applied to the first of each pair, and pg_dump has to write it like the second, or the plan has to refuse with the name of an
// object. pg_dump must not be older than the server. Prints what went wrong and the counts; exits 1 when a pair ended wrong.
import { parseArgs } from "node:util";
import { type Drawn, SLOTS, schemaPair } from "./schemas/random-schema.ts";
import { tryPair, type Verdict } from "./schemas/trial.ts";

const { values } = parseArgs({
  options: {
    server: { type: "string" },
    pairs: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    help: { type: "boolean" },
  },
});
if (values.help || values.server === undefined) {
  process.stdout.write("node test/chaos/diff.ts --server=postgres://… [--pairs=500] [--seed=1] [--only=PAIR]\n");
  process.exit(values.help ? 0 : 2);
}
const reasons = new Map<string, number[]>();
const counts = new Map<Verdict["outcome"], number>();
const pairs = values.only === undefined ? [...Array(Number(values.pairs)).keys()] : [Number(values.only)];
for (const number of pairs) {
  const pair = schemaPair(draw(Number(values.seed), number));
  const verdict = await tryPair(values.server, pair, `diff_${process.pid}_${number}`);
  counts.set(verdict.outcome, (counts.get(verdict.outcome) ?? 0) + 1);
  if (verdict.outcome === "refused") {
    for (const reason of verdict.reason.split("; ")) reasons.set(reason, [...(reasons.get(reason) ?? []), number]);
  }
  if (["wrong", "fails", "invalid"].includes(verdict.outcome) || values.only !== undefined) {
    process.stdout.write(`pair ${number} ${verdict.outcome}: ${verdict.reason}\n`);
  }
}
for (const [reason, refused] of reasons) {
  process.stdout.write(`refused ${refused.length} times: ${reason} (${refused.slice(0, 5).join(", ")})\n`);
}
process.stdout.write(
  `${JSON.stringify({ seed: Number(values.seed), pairs: pairs.length, ...Object.fromEntries(counts) })}\n`,
);
process.exitCode = counts.has("wrong") || counts.has("fails") ? 1 : 0;

/** The numbers of one pair: a small generator that gives the same everywhere (splitmix32). */
function draw(seed: number, number: number): Drawn[] {
  let state = (seed * 1_000_003 + number * 7919) | 0;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  return Array.from({ length: SLOTS }, () => ({ a: next() % 840, b: next() % 840, same: next() % 2 === 0 }));
}
