import type { User } from "../../data/types.ts";

type Held = User["positions"][number];

/** A position as people write it: "on-call" or "team-lead of web". */
export function positionWords({ position, team }: Held): string {
  return team === undefined ? position : `${position} of ${team}`;
}

/** What positionWords wrote, read again. */
export function readPosition(words: string): Held {
  const [position, team] = words.split(" of ").map((part) => part.trim());
  return team ? { position: position!, team } : { position: position! };
}

/** A reader for what the server said at the fields of a request: `at("name")`. */
export function fieldProblems(
  problem:
    | { problems?: { message: string; place?: { pointer?: string } }[]; place?: { pointer?: string }; detail: string }
    | undefined,
): (field: string) => string | undefined {
  const said = [
    ...(problem?.problems ?? []),
    ...(problem?.place ? [{ message: problem.detail, place: problem.place }] : []),
  ];
  return (field) => said.find(({ place }) => place?.pointer?.split("/").includes(field))?.message;
}
