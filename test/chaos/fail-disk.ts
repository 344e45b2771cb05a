// Lets each call of the embedded store to the file system fail once. `node test/chaos/fail-disk.ts --help` says how.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../acceptance/testing/folder.ts";
import { embeddedGround } from "./testing/ground.ts";
import { oneFile } from "./testing/one-file.ts";
import { numbersFrom, someOfEach } from "./testing/points.ts";
import { trial } from "./testing/trial.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    "of-each": { type: "string", default: "2" },
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
const trials =
  values.at ??
  (values.random === undefined
    ? someOfEach(calls, Number(values["of-each"]))
    : Array.from({ length: Number(values.random) }, () => calls[Math.floor(draw() * calls.length)]!));
const say = (line: string) => void process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
say(`${calls.length} calls; ${trials.length} trials`);
let done = 0;
let met = 0;
let failed = 0;
const begin = async () => {
  for (let next = trials.shift(); next; next = trials.shift()) {
    const mark = join(folder, `failed-${next}`);
    const told: string[] = [];
    const { wrong } = await trial(ground, [], {
      server,
      env: { NODE_OPTIONS, DISK_FAILS_AT: next, DISK_FAILED: mark },
      afterFailure: ({ problem }) => void told.push(`${problem.status} ${problem.code}`),
    });
    done += 1;
    const came = existsSync(mark);
    met += came ? 1 : 0;
    failed += wrong.length > 0 ? 1 : 0;
    const words = came ? (told.length > 0 ? `answers: ${told.join(", ")}` : "no answer was a failure") : "did not come";
    say(`${wrong.length > 0 ? "WRONG" : "ok"} ${next}, ${words}`);
    for (const line of wrong) say(`  ${line}`);
  }
};
await Promise.all(Array.from({ length: Number(values.together) }, begin));
await ground.close();
server.remove();
rmSync(folder, { recursive: true });
say(`${done} trials, ${met} calls failed, ${failed} wrong`);
process.exit(failed > 0 ? 1 : 0);
