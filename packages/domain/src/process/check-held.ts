import type { Problem } from "../change/refusal.ts";
import { checkRecurrence } from "./check-calendar.ts";
import { checkDuplicates, problem } from "./problem.ts";
import type { Board, Process } from "./process.ts";
import { suggest } from "./suggestion.ts";
import { tablesIn } from "./table.ts";

/** What is wrong with positions and boards: seats of no position, chairs without a seat, words that nothing asks for. */
export function checkHeld(process: Process): readonly Problem[] {
  const { positions = [], boards = [], stages, place } = process;
  const requirements = tablesIn(process.approvals).flatMap((table) =>
    table.rows.flatMap((row) => row.then.requirements),
  );
  const asked = new Set([
    ...requirements.flatMap(({ from, escalateTo }) => [from.position, escalateTo]),
    ...boards.flatMap((board) => board.members),
    ...(process.standing ?? []).map(({ owner }) => owner),
    ...stages.flatMap((stage) => stage.steps.flatMap((step) => step.positions ?? [])),
  ]);
  return [
    ...checkDuplicates("positions", positions),
    ...checkDuplicates("boards", boards),
    ...boards.flatMap((board) => checkBoard(board, process)),
    ...positions
      .filter((position) => !asked.has(position.id))
      .map((position) =>
        problem(
          "POSITION_UNUSED",
          `Nothing asks for the position "${position.id}".`,
          "Remove it, or ask for it.",
          place,
        ),
      ),
    ...boards
      .filter((board) => !requirements.some(({ from }) => from.board === board.id))
      .map((board) =>
        problem("BOARD_UNUSED", `Nothing asks for the board "${board.id}".`, "Remove it, or ask for it.", board.place),
      ),
  ];
}

function checkBoard(board: Board, { positions = [] }: Process): readonly Problem[] {
  const { id, members, chair, quorum, veto = [], meets, place } = board;
  const held = positions.map((position) => position.id);
  const problems: Problem[] = [
    ...members
      .filter((member) => !held.includes(member))
      .map((member) =>
        problem("POSITION_UNKNOWN", `The board ${id} seats the position "${member}".`, suggest(member, held), place),
      ),
    ...[chair, ...veto]
      .filter((member) => !members.includes(member))
      .map((member) =>
        problem("SEAT_UNKNOWN", `"${member}" has no seat on the board ${id}.`, suggest(member, members), place),
      ),
    ...(meets === undefined ? [] : checkRecurrence(meets, `The meeting of the board ${id}`, place)),
  ];
  if (new Set(members).size !== members.length) {
    problems.push(problem("SEAT_TWICE", `The board ${id} seats a position twice.`, "Name each once.", place));
  }
  if (quorum !== undefined && !(Number.isInteger(quorum) && quorum >= 1 && quorum <= members.length)) {
    const hint = `A whole number from 1 to ${members.length}.`;
    problems.push(problem("QUORUM_INVALID", `The board ${id} has a quorum of ${quorum}.`, hint, place));
  }
  return problems;
}
