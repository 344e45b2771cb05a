import { type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";

/** Conflicts that only the database can see, because they are between transactions. */
export function knownConflict(error: unknown): Refused | undefined {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code !== "23505") return undefined;
  switch (constraint) {
    case "deployments_one_per_environment":
      return refuse(
        "ENVIRONMENT_BUSY",
        "Another deployment has the environment at this moment.",
        "Wait until it has ended; the environment's page shows it.",
      );
    case "scheduled_deployments_one":
      return refuse(
        "SCHEDULED_ALREADY",
        "A deployment of this change to this environment is put down already.",
        "Take that back first.",
      );
    case "tickets_key":
      return refuse(
        "TICKET_TAKEN",
        "Somebody has just said of this ticket to which change it belongs.",
        "Look at the list of tickets.",
      );
    case "board_meetings_one_open":
      return refuse(
        "MEETING_UNDER_WAY",
        "The board is in a meeting already.",
        "Close that one first; the list of its meetings shows it.",
      );
    case "board_meetings_one_at_a_time":
      return refuse(
        "MEETING_CONVENED",
        "The board is convened for this time already.",
        "The list of its meetings shows it.",
      );
    case "change_approvals_once":
    case "change_approvals_once_for":
      return refuse("ALREADY_VOTED", "You have voted on this already.", "A vote counts once.");
    case "users_handle_key":
      return refuse("HANDLE_TAKEN", "Somebody has this handle already.", "Choose another.", {
        place: { pointer: "/handle" },
      });
    case "saved_views_name":
      return refuse(
        "VIEW_EXISTS",
        "The owner has a saved view of this name already.",
        "Choose another name, or overwrite it.",
        {
          place: { pointer: "/name" },
        },
      );
    case "teams_name_key":
      return refuse("TEAM_EXISTS", "There is a team of this name already.", "Choose another name.", {
        place: { pointer: "/name" },
      });
    default:
      return undefined;
  }
}

/** Serialization failures and deadlocks pass when the transaction is tried again. */
export function isPassing(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === "40001" || code === "40P01";
}
