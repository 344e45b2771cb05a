import type { CallOutput } from "@change-mgmt/api/client.ts";
import { answer, defineCommand } from "../../command.ts";
import type { Page } from "../../output/page.ts";
import { oneLine } from "../../output/plain-text.ts";
import { ago, moment } from "../../output/times.ts";
import { boardArgument, boardOf } from "../../people/board-argument.ts";

type Agenda = CallOutput<"boards.agenda">;

export const command = defineCommand({
  about:
    "Every change whose approval or ratification is asked of the board and not decided, with its evidence; the first to be due first.",
  arguments: [boardArgument],
  examples: ["change-mgmt board agenda itil/cab"],
  answers: "boards.agenda",
  parse: (given) => given.word("board"),
  async run(context, word) {
    const agenda = await context.client("boards.agenda", { params: await boardOf(context.client, word) });
    return answer(agenda, agendaLines);
  },
});

function agendaLines({ board, items, more }: Agenda, page: Page): string[] {
  const { colours } = page;
  const next = board.nextMeeting === null ? "no meeting is planned" : `next meeting ${moment(board.nextMeeting.from)}`;
  return [
    `${colours.bold(oneLine(board.title))}: ${items.length === 0 ? "nothing waits" : `${items.length} waiting`}, ${next}`,
    ...items.flatMap((item) => ["", ...itemLines(item, page)]),
    ...(more ? ["", "More changes take votes than were looked through."] : []),
  ];
}

function itemLines(
  { change, asked, validation, checks, impact, votes, recusals }: Agenda["items"][number],
  page: Page,
): string[] {
  const { colours, signs } = page;
  const risk = change.facts.risk ?? change.facts.riskLevel;
  const open = checks.filter(({ result }) => result === "failed" || result === "inconclusive");
  return [
    `${colours.bold(change.number)}  ${oneLine(change.title)}`,
    `  ${[change.type, change.breaking ? colours.red("breaking") : "not breaking", ...(risk === undefined ? [] : [`risk ${String(risk)}`]), `requested by ${change.requester}`].join(` ${signs.dot} `)}`,
    ...asked.map(
      ({ title, decision, standing, ratifies, dueAt }) =>
        `  ${ratifies ? "to ratify" : "to decide"} ${decision}: ${oneLine(title)}; ${standing}${dueAt === null ? "" : colours.yellow(`; due by ${moment(dueAt)} (${ago(dueAt, page.now)})`)}`,
    ),
    `  validation ${validation}${open.map(({ title, message }) => `; ${oneLine(title)}: ${oneLine(message)}`).join("")}`,
    ...(impact === null ? [] : [`  impact: ${oneLine(impact)}`]),
    ...votes.map(
      ({ voter, decision, comment, ...vote }) =>
        `  ${voter}${vote.for === undefined ? "" : ` for ${vote.for}`}: ${decision}${comment === undefined ? "" : `, ${oneLine(comment)}`}`,
    ),
    ...recusals.map(({ person, reason }) => `  ${person} keeps out: ${oneLine(reason)}`),
    colours.dim(`  content ${change.contentHash}`),
  ];
}
