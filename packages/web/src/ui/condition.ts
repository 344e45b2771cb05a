import { members } from "@change-mgmt/domain/process/conditions.ts";
import type { Condition, Process, Scalar } from "@change-mgmt/domain/process/process.ts";

/** Facts that every change has, in words; a process gives titles to its own. */
const GIVEN: Readonly<Record<string, string>> = {
  type: "Type",
  environment: "Environment",
  environments: "Goes to",
  artifact: "Carries",
  component: "Component",
  componentTeam: "Team of a component",
  lastEnvironment: "Last environment",
  deployed: "Deployed somewhere",
};

type Words = Pick<Process, "dimensions" | "types">;

/** What a dimension is called by its process. */
export function dimensionWords(process: Words, dimension: string): string {
  return GIVEN[dimension] ?? process.dimensions[dimension]?.title ?? dimension;
}

/** A value of a dimension as people read it. */
export function valueWords(process: Words, dimension: string, value: Scalar): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  const type = dimension === "type" ? process.types.find((candidate) => candidate.id === value) : undefined;
  return type?.title ?? String(value);
}

/** A condition in the process's own words, a part a dimension: `["Breaking change: yes", "Type: Index or Add a field"]`. */
export function conditionWords(process: Words, condition: Condition): readonly string[] {
  return Object.entries(condition).map(([dimension, wish]) => {
    const values = members(wish).map((value) => valueWords(process, dimension, value));
    return `${dimensionWords(process, dimension)}: ${values.join(" or ")}`;
  });
}
