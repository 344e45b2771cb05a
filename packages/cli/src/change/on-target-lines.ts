import type { Page } from "../output/page.ts";
import { oneLine } from "../output/plain-text.ts";
import { ago } from "../output/times.ts";
import type { OnTarget } from "./change-types.ts";

/** What rehearsed migrations come to on one target: a headline, then each statement in sentences, then what is not known. */
export function onTargetLines(target: OnTarget, { colours, signs, now }: Page): string[] {
  const { environment, at, postgres, migrations, notKnown, replicas, basis } = target;
  const seen =
    at === null ? colours.yellow("not known") : colours.dim(`Postgres ${postgres}, looked at ${ago(at, now)}`);
  const statements = migrations.flatMap(({ name, statements: all }) =>
    all.map(({ line, kind, words, locks }) => {
      const waits = locks.some(({ heldUpBy }) => heldUpBy.length > 0);
      const head = `${oneLine(name)} line ${line}, ${kind.replaceAll("_", " ")}`;
      return `  ${waits ? colours.yellow(signs.waiting) : signs.dot} ${head}: ${words.map(oneLine).join(" ")}`;
    }),
  );
  const behind = (replicas ?? []).filter(({ lagBytes }) => lagBytes !== 0);
  return [
    `${signs.arrow} on the target of ${colours.bold(environment)}: ${seen}`,
    ...statements,
    ...behind.map(
      ({ name, lagBytes }) =>
        `  ${signs.dot} ${oneLine(name)} follows it and is ${lagBytes === null ? "behind by an unknown amount" : `${lagBytes} bytes behind`}.`,
    ),
    ...notKnown.map((sentence) => `  ${colours.yellow("not known:")} ${oneLine(sentence)}`),
    ...(statements.length > 0 ? [colours.dim(`  ${basis}`)] : []),
  ];
}
