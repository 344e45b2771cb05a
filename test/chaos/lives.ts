// Lets people live through changes at random and holds each act against a model. `node test/chaos/lives.ts --help` says how.
import { parseArgs } from "node:util";
import { type Coverage, Lives } from "../properties/life/live.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    lives: { type: "string", default: "200" },
    shrink: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(`node test/chaos/lives.ts [options]
  --lives=N   how many lives of two changes, 200 when left out
  --seed=S    the same seed lives the same lives; a failure names it
  --shrink    looks for the shortest life that shows a failure, which takes long
`);
  process.exit(0);
}

const say = (line: string) => void process.stdout.write(`${line}\n`);
const most = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([what, times]) => `${what} ${times}`)
    .join(", ");

const lives = await Lives.open();
const lived = ({ lives: count, acts, accepted }: Coverage) => {
  if (count % 10 === 0) say(`${count} lives, ${acts} acts, ${accepted} accepted so far`);
};
try {
  const { reached, refused, ...counts } = await lives.run(Number(values.lives), Number(values.seed), {
    shrink: values.shrink,
    lived,
  });
  say(
    `${counts.lives} lives, ${counts.acts} acts, ${counts.accepted} accepted, ${counts.atOnce} times several at once; no promise broken`,
  );
  say(`refused: ${most(refused)}`);
  say(`reached: ${most(reached)}`);
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
} finally {
  await lives.close();
}
