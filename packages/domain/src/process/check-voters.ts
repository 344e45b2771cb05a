import { canonicalJson } from "../change/canonical-json.ts";
import type { Problem } from "../change/refusal.ts";
import { ROLES } from "../identity/roles.ts";
import { problem } from "./problem.ts";
import type { Process, Requirement, Row } from "./process.ts";
import { suggest } from "./suggestion.ts";

/** Whether every requirement names roles, positions, fields and requirements that exist, and says the same thing wherever its id occurs. */
export function checkVoters(process: Process): readonly Problem[] {
  const rows = process.approvals.rows;
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
  const { from, count, mayShare = [] } = requirement;
  const problems: Problem[] = [];
  const unknown = (code: string, what: string, word: string, known: readonly string[]) => {
    if (!known.includes(word)) {
      const message = `Requirement ${requirement.id} names the ${what} "${word}".`;
      problems.push(problem(code, message, suggest(word, known), row.place));
    }
  };
  for (const role of from.roles ?? []) unknown("ROLE_UNKNOWN", "role", role, ROLES);
  for (const other of mayShare)
    unknown(
      "REQUIREMENT_UNKNOWN",
      "requirement",
      other,
      all.map((candidate) => candidate.id),
    );
  if (from.position !== undefined) {
    unknown(
      "POSITION_UNKNOWN",
      "position",
      from.position,
      (process.positions ?? []).map((position) => position.id),
    );
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
  if (canonicalJson({ ...same, count: 0 }) !== canonicalJson({ ...requirement, count: 0 })) {
    const hint = "One id, one meaning: only the count may differ between rows.";
    problems.push(problem("REQUIREMENT_AMBIGUOUS", `Requirement ${requirement.id} means two things.`, hint, row.place));
  }
  return problems;
}
