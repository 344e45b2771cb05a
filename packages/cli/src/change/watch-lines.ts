import type { Page } from "../output/page.ts";
import { oneLine } from "../output/plain-text.ts";
import { ago } from "../output/times.ts";
import type { Deployment } from "./change-types.ts";

const WORDS = {
  watching: "watched by its rollback triggers",
  held: "held: not everything that is watched can be measured",
  asking: "a rollback trigger was set off; somebody has to decide",
  triggered: "a rollback trigger was set off; it is rolled back as soon as it can be",
  "rolling-back": "rolled back by a trigger",
  passed: "the watch is over: everything passed",
  ended: "the watch was ended",
} as const;

/** What the rollback triggers of a deployment say: how each was judged last, and what is to be done where people are asked. */
export function watchLines({ id, change, environment, watch }: Deployment, page: Page): string[] {
  if (!watch) return [];
  const { colours, signs, now } = page;
  const { state, until, checks, unmeasured, refusal, endedBy, reason } = watch;
  const time = state === "watching" ? colours.dim(` until ${until}`) : "";
  const marks = {
    pass: colours.green(signs.yes),
    fail: colours.red(signs.no),
    inconclusive: colours.yellow(signs.waiting),
    none: colours.dim(signs.open),
  };
  const isNothing = checks.length === 0;
  return [
    ...(isNothing ? [] : [`watch: ${WORDS[state]}${time}`]),
    ...checks.map(({ title, result, words, failures, at }) => {
      const inARow = failures > 0 ? colours.yellow(`  ${failures} of ${watch.failures} failures`) : "";
      const said = words === null ? "" : `  ${colours.dim(oneLine(words))}`;
      const when = at === null ? "" : colours.dim(`  ${ago(at, now)}`);
      return `  ${marks[result ?? "none"]} ${oneLine(title)}${said}${inARow}${when}`;
    }),
    ...unmeasured.map(
      (title) => `  ${marks.none} ${oneLine(title)}  ${colours.yellow(`nothing measures it in ${environment}`)}`,
    ),
    ...(refusal ? [`${colours.red(`${signs.no} ${refusal.message}`)} ${colours.dim(`[${refusal.code}]`)}`] : []),
    ...(state === "held" || state === "asking"
      ? [
          `decide: change-mgmt rollback ${change} --environment=${environment} --reason=…`,
          `    or: change-mgmt deployment end-watch ${id} --reason=…`,
        ]
      : []),
    ...(endedBy === null ? [] : [`ended by ${endedBy}: ${oneLine(reason ?? "")}`]),
  ];
}
