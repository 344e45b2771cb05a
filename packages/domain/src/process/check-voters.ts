import { canonicalJson } from "../change/canonical-json.ts";
import type { Problem } from "../change/refusal.ts";
import { ROLES } from "../identity/roles.ts";
import { problem } from "./problem.ts";
import type { Process, Requirement, Row } from "./process.ts";
import { closure } from "./reach.ts";
import { suggest } from "./suggestion.ts";
import { tablesIn } from "./table.ts";

/** Whether every requirement names roles, positions, fields and requirements that exist, and says the same thing wherever its id occurs. */
export function checkVoters(process: Process): readonly Problem[] {
  const rows = tablesIn(process.approvals).flatMap((table) => table.rows);
  const all = rows.flatMap((row) => row.then.requirements);
  return rows.flatMap((row) =>
    row.then.requirements.flatMap((requirement) => checkRequirement(requirement, row, all, process)),
  );
}

function checkRequirement(
  requirement: Requirement,
  row: Row<unknown>,
  all: readonly Requirement[],
  process: Process,
): readonly Problem[] {
  const { from, count, decision, mayShare = [], after = [] } = requirement;
  const positions = (process.positions ?? []).map((position) => position.id);
  const problems: Problem[] = [];
  const unknown = (code: string, what: string, word: string, known: readonly string[]) => {
    if (!known.includes(word)) {
      const message = `Requirement ${requirement.id} names the ${what} "${word}".`;
      problems.push(problem(code, message, suggest(word, known), row.place));
    }
  };
  for (const role of from.roles ?? []) unknown("ROLE_UNKNOWN", "role", role, ROLES);
  for (const other of [...mayShare, ...after])
    unknown(
      "REQUIREMENT_UNKNOWN",
      "requirement",
      other,
      all.map((candidate) => candidate.id),
    );
  for (const position of [from.position, requirement.escalateTo]) {
    if (position !== undefined) unknown("POSITION_UNKNOWN", "position", position, positions);
  }
  if (from.board !== undefined) {
    const boards = (process.boards ?? []).map((board) => board.id);
    unknown("BOARD_UNKNOWN", "board", from.board, boards);
  }
  if (from.board === undefined ? decision !== undefined : count !== 1) {
    const message = `Requirement ${requirement.id} ${from.board === undefined ? "says how a board decides and names none" : `asks for ${count} of a board`}.`;
    problems.push(
      problem("BOARD_COUNTED", message, "A board decides by its vote, everybody else by a count.", row.place),
    );
  }
  if (typeof decision === "object" && !(decision.percent > 0 && decision.percent <= 100)) {
    const message = `Requirement ${requirement.id} asks for ${decision.percent} %.`;
    problems.push(problem("PERCENT_INVALID", message, "A number above 0, at most 100.", row.place));
  }
  if (comesAfterItself(requirement.id, all)) {
    const message = `Requirement ${requirement.id} comes after itself.`;
    problems.push(problem("APPROVAL_CYCLE", message, "Break the circle of what comes after what.", row.place));
  }
  if (from.field !== undefined) {
    unknown(
      "FIELD_UNKNOWN",
      "field of users",
      from.field,
      process.form.fields.filter((field) => field.kind === "users").map((field) => field.id),
    );
  }
  if (count === "all" ? from.field === undefined : !Number.isInteger(count) || count < 1) {
    const hint = 'A whole number from 1, or "all" of the people named in a field.';
    problems.push(problem("COUNT_INVALID", `Requirement ${requirement.id} asks for ${count}.`, hint, row.place));
  }
  const same = all.find((candidate) => candidate.id === requirement.id)!;
  if (meaning(same) !== meaning(requirement)) {
    const hint =
      "One id, one meaning: only the count, how a board decides and the time it may take differ between rows.";
    problems.push(problem("REQUIREMENT_AMBIGUOUS", `Requirement ${requirement.id} means two things.`, hint, row.place));
  }
  return problems;
}

function meaning({ count, decision, within, escalateTo, ...rest }: Requirement): string {
  return canonicalJson(rest);
}

function comesAfterItself(id: string, all: readonly Requirement[]): boolean {
  const before = (other: string) => all.filter((one) => one.id === other).flatMap((one) => one.after ?? []);
  return closure(before(id), before).has(id);
}
