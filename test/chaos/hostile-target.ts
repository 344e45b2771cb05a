// Deploys to targets that are hostile in every way we know. `node test/chaos/hostile-target.ts --help` says how.
import { parseArgs } from "node:util";
import { CASES } from "./hostile/cases.ts";
import { HostileGround } from "./hostile/trial.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    list: { type: "boolean", default: false },
    records: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(`node test/chaos/hostile-target.ts [options]
  --only=TEXT   cases whose name contains TEXT; several with commas between
  --list        says what they are, and tries none
  --records     also prints what each deployment said of its end
`);
  process.exit(0);
}
const wanted = values.only.split(",");
const cases = CASES.filter(({ name }) => wanted.some((text) => name.includes(text)));
const width = Math.max(...cases.map(({ name }) => name.length));
if (values.list) {
  for (const { name, trouble } of cases) process.stdout.write(`${name.padEnd(width)}  ${trouble}\n`);
  process.exit(0);
}
const ground = await HostileGround.make();
let wrong = 0;
let impossible = 0;
for (const hostile of cases) {
  const tried = await ground.try(hostile);
  const came = tried.record ? `${tried.record.state} ${tried.record.code}` : (tried.impossible ?? "");
  if (tried.impossible !== undefined) impossible += 1;
  if (tried.wrong.length > 0) wrong += 1;
  process.stdout.write(`${hostile.name.padEnd(width)}  ${tried.wrong.length > 0 ? "WRONG" : "ok"}  ${came}\n`);
  if (values.records && tried.record)
    for (const text of [tried.record.says, tried.record.hint, tried.record.left]) process.stdout.write(`    ${text}\n`);
  for (const line of tried.wrong) process.stdout.write(`  ${line}\n`);
}
await ground.close();
process.stdout.write(`${cases.length} cases, ${wrong} wrong, ${impossible} not possible here\n`);
process.exit(wrong > 0 ? 1 : 0);
