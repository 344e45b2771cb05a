import type { Artifact, FieldValues } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, type Problem, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Situation } from "@change-mgmt/domain/change/situation.ts";
import type { Process } from "@change-mgmt/domain/process/process.ts";

/** Refuses a form that names people who are not here, each at its field. */
export function checkPeople(process: Process, fields: FieldValues, situation: Situation): Outcome<FieldValues> {
  const known = new Set(situation.people.map((person) => person.handle));
  const problems: Problem[] = process.form.fields
    .filter((field) => field.kind === "users")
    .flatMap((field) =>
      ((fields[field.id] ?? []) as string[])
        .filter((handle) => !known.has(handle))
        .map((handle) => ({
          code: "PERSON_UNKNOWN",
          message: `${field.title}: there is nobody called "${handle}".`,
          place: { pointer: `/fields/${field.id}` },
          hint: "Use the person's handle; `user list` shows them.",
        })),
    );
  if (problems.length === 0) return accept(fields);
  return refuse("FORM_INVALID", problems.map((problem) => problem.message).join(" "), "Correct the fields named.", {
    problems,
  });
}

/** Refuses a list of artifacts in which two have the same id, or a text that no database can hold. */
export function checkArtifacts(artifacts: readonly Artifact[]): Outcome<true> {
  const ids = artifacts.map((artifact) => artifact.id);
  const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
  if (twice >= 0) {
    return refuse("ARTIFACT_TWICE", `Two artifacts have the id "${ids[twice]}".`, "Give each its own id.", {
      place: { pointer: `/artifacts/${twice}/id` },
    });
  }
  const bad = artifacts.findIndex((artifact) => JSON.stringify(artifact).includes("\\u0000"));
  if (bad < 0) return accept(true);
  return refuse("INPUT_INVALID", "A text contains the character U+0000, which Postgres cannot hold.", "Take it out.", {
    place: { pointer: `/artifacts/${bad}` },
  });
}
