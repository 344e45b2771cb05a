import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { oneLine, plain } from "../output/plain-text.ts";
import { meetingOf } from "../people/meeting-argument.ts";
import { changeAnswer } from "./change-answer.ts";
import { changeArgument } from "./change-argument.ts";
import { artifactLines } from "./change-page.ts";
import type { Change } from "./change-types.ts";

type Decision = "approve" | "reject" | "abstain";

/** Fewer digits of a hash could mean several contents. */
const SHORTEST_HASH = 8;

/** A command that votes. It says what is voted on, and the vote is bound to that content's hash. */
export function voteCommand(decision: Decision, done: string, examples: readonly string[]) {
  return defineCommand({
    about:
      "The vote counts for the content as it is now, which is shown before voting. With --hash it counts only for the content you looked at: when that has changed since, the vote is refused.",
    arguments: [changeArgument],
    options: [
      { flags: "--comment <text>", about: "why" },
      { flags: "--hash <hash>", about: "hash of the content you looked at, or its first digits (8 at least)" },
      { flags: "--requirement <id>", about: "which requirement the vote is for, where it could be several" },
      { flags: "--environment <name>", about: "only for this environment; for all when left out" },
      { flags: "--for <person>", about: "whose vote it is, where you stand in for them" },
      { flags: "--meeting <meeting>", about: "the open meeting it is cast in: its id, or its board such as itil/cab" },
    ],
    examples,
    answers: "changes.vote",
    parse: (given) => ({
      id: given.word("change"),
      hash: given.text("hash"),
      meeting: given.text("meeting"),
      choices: {
        comment: given.text("comment"),
        requirement: given.text("requirement"),
        environment: given.text("environment"),
        for: given.text("for"),
      },
    }),
    async run(context, { id, hash, meeting, choices }) {
      const current = await context.client("changes.get", { params: { id } });
      const contentHash = meantHash(hash, current);
      sayContent(context, decision, contentHash, current);
      const within = meeting === undefined ? {} : { meeting: await meetingOf(context.client, meeting) };
      const body = { decision, contentHash, ...given(choices), ...within };
      return changeAnswer(await context.client("changes.vote", { params: { id }, body }), done);
    },
  });
}

function meantHash(hash: string | undefined, { contentHash }: Change): string {
  if (hash === undefined) return contentHash;
  return hash.length >= SHORTEST_HASH && contentHash.startsWith(hash) ? contentHash : hash;
}

function sayContent({ say, page }: Context, decision: Decision, hash: string, change: Change): void {
  const { number, title, artifacts, contentHash } = plain(change);
  say(
    `${decision} ${page.colours.bold(number)}: ${oneLine(title)}${change.breaking ? page.colours.red(" (breaking)") : ""}`,
  );
  say(`content ${hash}`);
  if (hash === contentHash) for (const line of artifactLines(artifacts)) say(`  ${line}`);
}

/** Only what was given, since the interface knows no undefined. */
function given<T extends Record<string, string | undefined>>(choices: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}
