// Kills the server at every named crash point of a deployment and its rollback. `node test/chaos/crash.ts --help` says how.
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { embeddedGround, postgresGround } from "./testing/ground.ts";
import { crashPoints, numbersFrom, schedule } from "./testing/points.ts";
import { trial } from "./testing/trial.ts";

const { values } = parseArgs({
  options: {
    on: { type: "string", default: "embedded" },
    only: { type: "string", default: "" },
    random: { type: "string" },
    seed: { type: "string", default: "1" },
    at: { type: "string", multiple: true },
    together: { type: "string", default: String(availableParallelism()) },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(`node test/chaos/crash.ts [options]
  --on=embedded|postgres   the store and the targets
  --only=TEXT              points whose name contains TEXT
  --random=N --seed=S      N schedules of one to four deaths each, drawn from all points, instead of each point once
  --at=POINT               one point, again for each life, such as journal.write:after#3
  --together=N             trials at once (as many as there are cores)
`);
  process.exit(0);
}

const ground = values.on === "postgres" ? await postgresGround() : await embeddedGround();
const points = (await crashPoints(ground, join(tmpdir(), `change-mgmt-points-${process.pid}`))).filter((point) =>
  point.includes(values.only),
);
const draw = numbersFrom(Number(values.seed));
const schedules = values.at
  ? [values.at]
  : values.random === undefined
    ? points.map((point) => [point])
    : Array.from({ length: Number(values.random) }, () => schedule(points, draw));
process.stdout.write(`${points.length} crash points on ${ground.kind}; ${schedules.length} trials\n`);
const missed = new Set(points.map(nameOf));
let done = 0;
let deaths = 0;
let failed = 0;
const begin = async () => {
  for (let next = schedules.shift(); next; next = schedules.shift()) {
    const { died, wrong } = await trial(ground, next);
    deaths += died.length;
    for (const point of died) missed.delete(nameOf(point));
    done += 1;
    if (wrong.length === 0) continue;
    failed += 1;
    process.stdout.write(`WRONG after ${next.join(", ")}\n${wrong.map((line) => `  ${line}\n`).join("")}`);
  }
};
const progress = setInterval(() => process.stdout.write(`${done} done, ${deaths} deaths, ${failed} wrong\n`), 30_000);
await Promise.all(Array.from({ length: Number(values.together) }, begin));
clearInterval(progress);
await ground.close();
if (missed.size > 0) process.stdout.write(`never died at: ${[...missed].join(", ")}\n`);
process.stdout.write(`${done} trials, ${deaths} deaths, ${failed} wrong\n`);
process.exit(failed > 0 || (missed.size > 0 && !values.at && values.random === undefined) ? 1 : 0);

function nameOf(point: string): string {
  return point.replace(/#\d+$/, "");
}
