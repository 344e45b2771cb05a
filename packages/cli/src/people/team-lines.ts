import type { CallOutput } from "@change-mgmt/api/client.ts";
import type { Page } from "../output/page.ts";

type Team = CallOutput<"teams.create">;

/** A team and who is in it. */
export function teamLines(team: Team, { colours }: Page): string[] {
  return [`${colours.bold(team.name)} (${team.title})`, `members  ${team.members.join(", ") || "none"}`];
}
