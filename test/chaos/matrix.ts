// Asks a running server for every operation on a change, as every role, in every stage, about one's own, one's team's and another team's.
// `node test/chaos/matrix.ts` asks every cell; `--every=N` one of N. Exits 1 when an answer is another than was said.
import { parseArgs } from "node:util";
import { askMatrix } from "./matrix/run.ts";

const { values } = parseArgs({ options: { every: { type: "string", default: "1" } } });
const { cells, denied, allowed, wrong } = await askMatrix({ every: Number(values.every) });
process.stdout.write(`${wrong.map((line) => `WRONG: ${line}\n`).join("")}`);
process.stdout.write(`${cells} cells, ${denied} denied, ${allowed} let in, ${wrong.length} wrong\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
