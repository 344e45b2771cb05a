// Lets each call of a deployment and its rollback to store and target fail once. `node test/chaos/fail-nth.ts --help` says how.
import { parseArgs } from "node:util";
import { type Failure, failingTrial } from "./testing/failing-trial.ts";
import { FAULTS, type Fault } from "./testing/faulty-wire.ts";
import { postgresGround } from "./testing/ground.ts";
import { nameOf, numbersFrom, someOfEach } from "./testing/points.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    fault: { type: "string", multiple: true },
    "of-each": { type: "string", default: "2" },
    random: { type: "string" },
    seed: { type: "string", default: "1" },
    skip: { type: "string", default: "0" },
    at: { type: "string" },
    together: { type: "string", default: "4" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(`node test/chaos/fail-nth.ts [options]
  --of-each=N           so many calls of each name, the first among them (2), each with every fault
  --only=TEXT           calls whose name contains TEXT, such as store.commit or target.
  --fault=F             only this fault; may be given again: ${FAULTS.join(", ")}
  --random=N --seed=S   N failures drawn from all calls instead
  --skip=N              leave out the first N trials
  --at=CALL             one call, such as store.update.deployments#3, with every fault
  --together=N          trials at once (4)
`);
  process.exit(0);
}

const ground = await postgresGround();
const clean = await failingTrial(ground);
if (clean.wrong.length > 0) throw new Error(`a run without a failure went wrong:\n${clean.wrong.join("\n")}`);
const calls = clean.calls.filter((call) => call.includes(values.only));
const faults = FAULTS.filter((fault) => values.fault === undefined || values.fault.includes(fault));
const trials = values.at
  ? withEach([values.at])
  : values.random
    ? drawn()
    : withEach(someOfEach(calls, Number(values["of-each"])));
trials.splice(0, Number(values.skip));
const names = new Set(clean.calls.map(nameOf)).size;
process.stdout.write(`${clean.calls.length} calls of ${names} names; ${trials.length} trials\n`);
let done = 0;
let met = 0;
let again = 0;
let failed = 0;
const quiet: string[] = [];
const begin = async () => {
  for (let next = trials.shift(); next; next = trials.shift()) {
    const result = await failingTrial(ground, next);
    const words = `${next.call}=${next.fault}`;
    done += 1;
    met += result.met ? 1 : 0;
    again += result.again;
    if (result.met && result.told.length === 0) quiet.push(words);
    if (result.wrong.length === 0) continue;
    failed += 1;
    process.stdout.write(`WRONG after ${words}\n${result.wrong.map((line) => `  ${line}\n`).join("")}`);
  }
};
const tell = () =>
  process.stdout.write(
    `${done} trials, ${met} calls failed, ${again} runs ended as failed and were repeated, ${failed} wrong\n`,
  );
const progress = setInterval(tell, 60_000);
await Promise.all(Array.from({ length: Number(values.together) }, begin));
clearInterval(progress);
await ground.close();
if (quiet.length > 0) process.stdout.write(`done all the same, without a word: ${quiet.join(", ")}\n`);
tell();
process.exit(failed > 0 ? 1 : 0);

/** What an error of the server says of a transaction that is given up, nobody hears; only losing the connection is tried there. */
function withEach(some: readonly string[]): Failure[] {
  return some.flatMap((call) => faults.filter((fault) => isPossible(call, fault)).map((fault) => ({ call, fault })));
}

function isPossible(call: string, fault: Fault): boolean {
  return /^(lost|stalled)-/.test(fault) || !/\.rollback#/.test(call);
}

function drawn(): Failure[] {
  const draw = numbersFrom(Number(values.seed));
  const of = <T>(things: readonly T[]) => things[Math.floor(draw() * things.length)]!;
  const every = withEach(calls);
  return Array.from({ length: Number(values.random) }, () => of(every));
}
