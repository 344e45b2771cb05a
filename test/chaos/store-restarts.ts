// Restarts the store every few seconds under changes on their way. `node test/chaos/store-restarts.ts --help` says how.
import { parseArgs } from "node:util";
import { restartTheStore } from "./restarts/trial.ts";

const { values } = parseArgs({
  options: {
    changes: { type: "string", default: "1000" },
    every: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
    walkers: { type: "string", default: "8" },
    "migration-of": { type: "string", default: "20" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(`node test/chaos/store-restarts.ts [options]
  --changes=N        changes that are walked from creation to a deployment (1000)
  --every=S          seconds between two restarts of the store, on average (5)
  --seed=S           draws when it is restarted, how, and for how long it stays away (1)
  --walkers=N        changes on their way at once (8)
  --migration-of=N   one of so many changes carries a migration (20)
`);
  process.exit(0);
}
const { restarts, answers, wrong } = await restartTheStore({
  changes: Number(values.changes),
  every: Number(values.every),
  seed: Number(values.seed),
  walkers: Number(values.walkers),
  migrationOf: Number(values["migration-of"]),
  say: (line) => process.stdout.write(`${line}\n`),
});
for (const line of wrong) process.stdout.write(`WRONG ${line}\n`);
process.stdout.write(
  `${values.changes} changes, ${restarts.fast} restarts in order and ${restarts.immediate} at once, ${answers.requests} answers, of them ${answers.away} "store away" and repeated; ${wrong.length} wrong\n`,
);
process.exit(wrong.length > 0 ? 1 : 0);
