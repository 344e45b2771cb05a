// Kills the server at every named crash point of a deployment and its rollback. `node test/chaos/crash.ts --help` says how.
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { embeddedGround, postgresGround } from "./testing/ground.ts";
import { oneFile } from "./testing/one-file.ts";
import { chained, crashPoints, nameOf, numbersFrom, schedule, someOfEach } from "./testing/points.ts";
import { trial } from "./testing/trial.ts";

const { values } = parseArgs({
  options: {
    on: { type: "string", default: "embedded" },
    only: { type: "string", default: "" },
    "of-each": { type: "string", default: "4" },
    chain: { type: "string", default: "1" },
    random: { type: "string" },
    seed: { type: "string", default: "1" },
    skip: { type: "string", default: "0" },
    at: { type: "string", multiple: true },
    together: { type: "string", default: String(availableParallelism()) },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(`node test/chaos/crash.ts [options]
  --on=embedded|postgres   the store and the targets
  --only=TEXT              points whose name contains TEXT
  --of-each=N              so many occurrences of each name and side, the first among them (4)
  --chain=N                so many points in one trial, one death in each life (1); what a chain did not come by is tried alone
  --random=N --seed=S      N schedules of one to four deaths each, drawn from all points, instead of each point once; what the dead
                           had in hand is then taken for left at once, where else it takes some seconds
  --skip=N                 leave out the first N trials
  --at=POINT               one point, again for each life, such as journal.write:after#3
  --together=N             trials at once (as many as there are cores)
`);
  process.exit(0);
}

const ground = values.on === "postgres" ? await postgresGround() : await embeddedGround();
const server = await oneFile();
const options = { server, hurry: values.random !== undefined };
const all = (await crashPoints(ground, join(tmpdir(), `change-mgmt-points-${process.pid}`), options)).filter((point) =>
  point.includes(values.only),
);
const each = values.at || values.random !== undefined ? [] : someOfEach(all, Number(values["of-each"]));
const draw = numbersFrom(Number(values.seed));
const schedules = values.at
  ? [values.at]
  : values.random === undefined
    ? chained(each, Number(values.chain))
    : Array.from({ length: Number(values.random) }, () => schedule(all, draw));
schedules.splice(0, Number(values.skip));
const names = new Set(all.map(nameOf)).size;
process.stdout.write(`${all.length} crash points of ${names} names on ${ground.kind}; ${schedules.length} trials\n`);
const open = new Set(schedules.flat());
const metNames = new Set<string>();
let done = 0;
let deaths = 0;
let failed = 0;
const begin = async () => {
  for (let next = schedules.shift(); next; next = schedules.shift()) {
    const { died, wrong } = await trial(ground, next, options);
    deaths += died.length;
    for (const point of died) {
      open.delete(point);
      metNames.add(nameOf(point));
    }
    done += 1;
    if (wrong.length === 0) continue;
    failed += 1;
    process.stdout.write(`WRONG after ${next.join(", ")}\n${wrong.map((line) => `  ${line}\n`).join("")}`);
  }
};
const beginAll = () => Promise.all(Array.from({ length: Number(values.together) }, begin));
const tell = () =>
  process.stdout.write(`${done} trials, ${deaths} deaths at points of ${metNames.size} names, ${failed} wrong\n`);
const progress = setInterval(tell, 60_000);
await beginAll();
if (Number(values.chain) > 1 && values.random === undefined) {
  schedules.push(...[...open].map((point) => [point]));
  await beginAll();
}
clearInterval(progress);
await ground.close();
server.remove();
// How often something goes on by the clock is different in each run: the name must be met, not each occurrence.
const missed = [...new Set(each.map(nameOf))].filter((name) => !metNames.has(name));
if (missed.length > 0) process.stdout.write(`never died at: ${missed.join(", ")}\n`);
tell();
process.exit(failed > 0 || missed.length > 0 ? 1 : 0);
