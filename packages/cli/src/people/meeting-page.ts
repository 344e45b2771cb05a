import type { CallOutput } from "@change-mgmt/api/client.ts";
import { answer } from "../command.ts";
import type { Page } from "../output/page.ts";
import { oneLine } from "../output/plain-text.ts";
import { moment } from "../output/times.ts";

export type Meeting = CallOutput<"meetings.get">;

/** A meeting as the answer of a command. */
export function meetingAnswer(meeting: Meeting) {
  return answer(meeting, meetingLines);
}

/** When a meeting is, in words. */
export function meetingTime({ from, urgent }: Meeting): string {
  return `${moment(from)}${urgent ? ", in an emergency" : ""}`;
}

function meetingLines(meeting: Meeting, page: Page): string[] {
  const { colours } = page;
  const { title, state, reason, attendance, members, quorum, decisions, notes, leads } = meeting;
  const there = attendance.filter(({ leftAt }) => leftAt === null || state === "closed");
  const absent = members.filter((handle) => !attendance.some(({ person }) => person === handle));
  return [
    `${colours.bold(oneLine(title))}, ${meetingTime(meeting)}: ${state.replace("-", " ")}`,
    ...(reason === null ? [] : [`  ${oneLine(reason)}`]),
    `  convened by ${meeting.convenedBy}; led by ${leads.join(", ") || "nobody yet"}`,
    `  there: ${there.map(({ person, seat }) => (seat ? person : `${person} (no seat)`)).join(", ") || "nobody"}`,
    ...(absent.length === 0 ? [] : [`  not there: ${absent.join(", ")}`]),
    `  ${quorum.seats} of ${quorum.needed} seats for a quorum`,
    ...decisions.flatMap(({ change, title: asked, outcome, standing, votes }) => [
      "",
      `${colours.bold(change.number)}  ${oneLine(change.title)}`,
      `  ${outcome}: ${oneLine(asked)}; ${standing}`,
      ...votes.map(
        (vote) =>
          `  ${vote.voter}${vote.for === undefined ? "" : ` for ${vote.for}`}: ${vote.decision}${vote.withdrawn ? ", withdrawn" : ""}${vote.comment === undefined ? "" : `, ${oneLine(vote.comment)}`}`,
      ),
    ]),
    ...(notes === "" ? [] : ["", ...notes.split("\n").map((line) => `  ${oneLine(line)}`)]),
    colours.dim(`  meeting ${meeting.id}`),
  ];
}
