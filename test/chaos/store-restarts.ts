// Restarts the store every few seconds under changes on their way. `node test/chaos/store-restarts.ts --help` says how.
import { parseArgs } from "node:util";
import { restartTheStore } from "./restarts/trial.ts";

const { values } = parseArgs({
  options: {
    changes: { type: "string", default: "1000" },
    every: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
    walkers: { type: "string", default: "8" },
    "deployed-of": { type: "string", default: "5" },
    "migration-of": { type: "string", default: "25" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(`node test/chaos/store-restarts.ts [options]
  --changes=N        changes that are walked from their creation to the approval or a deployment (1000)
  --every=S          seconds between two restarts of the store, on average (5)
  --seed=S           draws when it is restarted and how long it stays away (1)
  --walkers=N        changes on their way at once (8)
  --deployed-of=N    one of so many changes is deployed; the others end approved (5)
  --migration-of=N   one of so many changes carries a migration (25)
`);
  process.exit(0);
}
let found = 0;
const say = (line: string) => void process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
const { restarts, answers, walked } = await restartTheStore({
  changes: Number(values.changes),
  every: Number(values.every),
  seed: Number(values.seed),
  walkers: Number(values.walkers),
  deployedOf: Number(values["deployed-of"]),
  migrationOf: Number(values["migration-of"]),
  say,
  wrong(line) {
    found += 1;
    say(`WRONG ${line}`);
  },
});
say(
  `${walked} changes, ${restarts.fast} restarts in order and ${restarts.immediate} at once, ${answers.requests} answers, ${answers.away} of them "store away" and repeated, ${answers.limited} repeated for the limit; ${found} wrong`,
);
process.exit(found > 0 ? 1 : 0);
