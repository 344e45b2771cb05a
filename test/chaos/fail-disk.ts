// Lets each call of the embedded store to the file system fail once. `node test/chaos/fail-disk.ts --help` says how.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../acceptance/testing/folder.ts";
import { embeddedGround } from "./testing/ground.ts";
import { oneFile } from "./testing/one-file.ts";
import { chained, numbersFrom, someOfEach } from "./testing/points.ts";
import { trial } from "./testing/trial.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    "of-each": { type: "string", default: "2" },
    chain: { type: "string", default: "1" },
    random: { type: "string" },
    seed: { type: "string", default: "1" },
    at: { type: "string", multiple: true },
    together: { type: "string", default: "2" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(`node test/chaos/fail-disk.ts [options]
  --of-each=N           so many calls of each name, the first among them (2)
  --chain=N             so many calls in one trial, from all over the run (1); what a chain did not come by is tried alone
  --only=TEXT           calls whose name contains TEXT, such as write.pg_wal
  --random=N --seed=S   N calls drawn from all of them instead
  --at=CALL             one call, such as write.pg_wal#100; may be given again
  --together=N          trials at once (2)
`);
  process.exit(0);
}

const ground = await embeddedGround();
const server = await oneFile();
const folder = mkdtempSync(join(tmpdir(), "change-mgmt-disk-"));
const NODE_OPTIONS = `--import=${join(ROOT, "test/chaos/testing/failing-disk.ts")}`;
const log = join(folder, "calls");
const clean = await trial(ground, [], { server, env: { NODE_OPTIONS, DISK_LOG: log } });
if (clean.wrong.length > 0) throw new Error(`a run without a failure went wrong:\n${clean.wrong.join("\n")}`);
const calls = readFileSync(log, "utf8")
  .split("\n")
  .filter((call) => call !== "" && call.includes(values.only));
const draw = numbersFrom(Number(values.seed));
const failing =
  values.at ??
  (values.random === undefined
    ? someOfEach(calls, Number(values["of-each"]))
    : [...new Set(Array.from({ length: Number(values.random) }, () => calls[Math.floor(draw() * calls.length)]!))]);
const trials = chained(failing, Number(values.chain));
const say = (line: string) => void process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
say(`${calls.length} calls; ${failing.length} of them fail in ${trials.length} trials`);
const open = new Set(failing);
let done = 0;
let failed = 0;
const begin = async () => {
  for (let next = trials.shift(); next; next = trials.shift()) {
    done += 1;
    const marks = join(folder, `trial-${done}`);
    mkdirSync(marks);
    const told: string[] = [];
    const { wrong } = await trial(ground, [], {
      server,
      env: { NODE_OPTIONS, DISK_FAILS_AT: next.join(","), DISK_FAILED: marks },
      afterFailure: ({ problem }) => void told.push(`${problem.status} ${problem.code}`),
    });
    const came = readdirSync(marks);
    for (const call of came) open.delete(call);
    failed += wrong.length > 0 ? 1 : 0;
    const words = told.length > 0 ? `answers: ${told.join(", ")}` : "no answer was a failure";
    say(`${wrong.length > 0 ? "WRONG" : "ok"} ${came.length} of ${next.join(", ")}; ${words}`);
    for (const line of wrong) say(`  ${line}`);
  }
};
const beginAll = () => Promise.all(Array.from({ length: Number(values.together) }, begin));
await beginAll();
if (Number(values.chain) > 1) {
  trials.push(...[...open].map((call) => [call]));
  await beginAll();
}
await ground.close();
server.remove();
rmSync(folder, { recursive: true });
say(`${done} trials, ${failing.length - open.size} calls failed, ${open.size} did not come, ${failed} wrong`);
process.exit(failed > 0 ? 1 : 0);
