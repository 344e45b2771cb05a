// Sends a running server requests made from its own OpenAPI document. `node test/chaos/fuzz.ts --help` says how.
import { parseArgs } from "node:util";
import { fuzzGround } from "./fuzzing/ground.ts";
import { fuzz } from "./fuzzing/run.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    requests: { type: "string", default: "20000" },
    only: { type: "string", default: "" },
    "look-every": { type: "string", default: "40" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(`node test/chaos/fuzz.ts [options]
  --requests=N      how many requests, 20000 when left out
  --seed=S          the same seed sends the same requests
  --only=TEXT       operations whose id contains TEXT
  --look-every=N    of N requests one is held against all that is stored before and after it
`);
  process.exit(0);
}

const ground = await fuzzGround();
const say = (line: string) => void process.stdout.write(`${line}\n`);
const { failures, neverFine, statuses, ...counts } = await fuzz(ground, {
  seed: Number(values.seed),
  requests: Number(values.requests),
  only: values.only,
  lookEvery: Number(values["look-every"]),
  say,
});
await ground.close();
say(
  `${counts.sent} requests to ${counts.operations} operations, ${counts.invalid} invalid; ${counts.compared} refusals held against what is stored`,
);
say(
  `statuses: ${Object.entries(statuses)
    .map(([status, count]) => `${status} ${count}`)
    .join(", ")}`,
);
if (neverFine.length > 0) say(`never succeeded: ${neverFine.join(", ")}`);
say(`${failures.length} wrong`);
process.exit(failures.length > 0 ? 1 : 0);
