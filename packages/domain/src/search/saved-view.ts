import { accept, type Outcome, refuse } from "../change/refusal.ts";
import type { Actor } from "../identity/roles.ts";

/** With whom a saved view is shared: nobody, one team, or everybody. */
export const SHARING = ["nobody", "team", "everybody"] as const;

export type Sharing = (typeof SHARING)[number];

/** What of a saved view decides who may read and edit it; `team` is given where it is shared with a team. */
export interface SavedViewOwnership {
  readonly name: string;
  readonly owner: string;
  readonly sharedWith: Sharing;
  readonly team: string | null;
}

type Reader = Pick<Actor, "handle" | "roles" | "teams">;

/** Whether somebody sees a saved view: its owner, those it is shared with, and administrators where it is shared at all. */
export function mayReadView(view: SavedViewOwnership, reader: Reader): boolean {
  if (view.owner === reader.handle || view.sharedWith === "everybody") return true;
  if (view.sharedWith === "nobody" || view.team === null) return false;
  return reader.teams.includes(view.team) || reader.roles.includes("administrator");
}

/** Whether somebody who sees a saved view may edit or delete it. Refusal: VIEW_NOT_YOURS. */
export function mayEditView(view: SavedViewOwnership, actor: Reader): Outcome<true> {
  if (view.owner === actor.handle || actor.roles.includes("administrator")) return accept(true);
  return refuse(
    "VIEW_NOT_YOURS",
    `The view "${view.name}" is edited by ${view.owner} and by administrators.`,
    "Save what you see as a view of your own.",
  );
}

/** Whether somebody may share a view so. Refusals: TEAM_NEEDED, NOT_IN_TEAM. */
export function checkSharing(
  { sharedWith, team }: Pick<SavedViewOwnership, "sharedWith" | "team">,
  actor: Reader,
): Outcome<true> {
  if (sharedWith !== "team") return accept(true);
  const place = { pointer: "/team" };
  if (team === null)
    return refuse("TEAM_NEEDED", "It is not said with which team the view is shared.", "Name the team.", { place });
  if (actor.teams.includes(team) || actor.roles.includes("administrator")) return accept(true);
  return refuse(
    "NOT_IN_TEAM",
    `You are not in the team ${team}.`,
    "Share it with a team of yours, or with everybody.",
    { place },
  );
}
