import type { ErrorTopic } from "./topic.ts";

/** Codes of: people, teams and saved views. */
export const people: ErrorTopic = {
  id: "people",
  title: "People, teams and saved views",
  about: "Accounts, handles, what is shared with whom.",
  codes: {
    HANDLE_TAKEN: { status: 409, means: "Somebody has this handle already.", next: "Choose another." },
    TEAM_EXISTS: { status: 409, means: "There is a team of this name already.", next: "Choose another name." },
    TEAM_UNKNOWN: {
      status: 409,
      means: "A team that is named does not exist.",
      next: "Correct the name, or make the team first.",
    },
    NOT_IN_TEAM: {
      status: 403,
      means: "You are not in this team, so you cannot share with it.",
      next: "Share with a team of yours, or ask an administrator.",
    },
    TEAM_NEEDED: { status: 422, means: "It is not said with which team something is shared.", next: "Name the team." },
    VIEW_EXISTS: {
      status: 409,
      means: "A saved view of this name is there already.",
      next: "Choose another name, or change that one.",
    },
    VIEW_NOT_YOURS: { status: 403, means: "The saved view belongs to somebody else.", next: "Save one of your own." },
    PERSON_UNKNOWN: {
      status: 409,
      means: "There is nobody with this handle.",
      next: "Use the handle of the person; the page People and `user list` show it.",
    },
    DELEGATION_INVALID: {
      status: 422,
      means: "Nobody can stand in like this: it is the same person, or the time is over before it begins.",
      next: "Name another person, and a time that is still to come.",
    },
    DELEGATION_OVERLAPS: {
      status: 409,
      means: "Somebody stands in for this person at that time already.",
      next: "End that delegation first, or choose another time.",
    },
    DELEGATION_OVER: {
      status: 409,
      means: "The delegation is over, by its time or because it was ended.",
      next: "There is nothing to do.",
    },
    OWN_ACCOUNT: {
      status: 409,
      means: "Administrators do not do this to their own account.",
      next: "Let another administrator do it.",
    },
  },
};
