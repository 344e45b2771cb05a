import { matches } from "@change-mgmt/domain/process/conditions.ts";
import { gatherFacts, isFilled } from "@change-mgmt/domain/process/facts.ts";
import type { Process } from "@change-mgmt/domain/process/process.ts";
import type { Artifact } from "../../data/types.ts";
import type { Written } from "./change-form.tsx";
import { saidOf } from "./tries.ts";

/** What is sent of what was written: no blanks, and nothing that is not asked of this type any more. */
export function sendable(
  process: Process,
  { values, artifacts }: Written,
): { fields: Record<string, unknown>; artifacts: Artifact[] } {
  const facts = gatherFacts(process, { type: String(values.type ?? ""), fields: values, artifacts });
  const fields = process.form.fields.filter((field) => isFilled(values[field.id]) && matches(field.when ?? {}, facts));
  return {
    fields: Object.fromEntries(fields.map(({ id }) => [id, values[id]])),
    artifacts: artifacts.map(withoutBlanks),
  };
}

function withoutBlanks(artifact: Artifact): Artifact {
  switch (artifact.kind) {
    case "external":
      return { ...artifact, arguments: artifact.arguments.filter((argument) => argument !== "") };
    case "migration":
      return { ...artifact, down: saidOf(artifact.down) };
    case "manual":
      return artifact;
  }
}
