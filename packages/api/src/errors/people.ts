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
    NO_MEETINGS: {
      status: 409,
      means: "The process of the board does not say when it meets, or how soon in an emergency.",
      next: "Convene it in the way that its process has, or let the process say it.",
    },
    NOT_A_MEMBER: {
      status: 403,
      means: "This is for those who have a seat on the board, and for their stand-ins.",
      next: "Ask one of them.",
    },
    NOT_THE_CHAIR: {
      status: 403,
      means: "This is for whoever leads the meeting: who opened it, its chair, or the chair's stand-in.",
      next: "Ask one of them; the refusal names them.",
    },
    MEETING_REASON: { status: 422, means: "Who convenes a board in an emergency says why.", next: "Add a reason." },
    MEETING_TIME: {
      status: 422,
      means: "The board does not meet at this time, or not soon enough for an emergency.",
      next: "Take one of the times named, or leave the time out.",
    },
    MEETING_CONVENED: {
      status: 409,
      means: "The board is convened for this time already.",
      next: "Open that meeting; the list of meetings shows it.",
    },
    MEETING_TOO_EARLY: {
      status: 409,
      means: "The meeting begins later than in an hour.",
      next: "Open it when its time has come, or convene in an emergency.",
    },
    MEETING_STATE: {
      status: 409,
      means: "The meeting is not in the state for this: it is not open, is open already, or is over.",
      next: "Look at the meeting; it says where it is.",
    },
    MEETING_UNDER_WAY: {
      status: 409,
      means: "The board is in another meeting at this moment.",
      next: "Close that one first.",
    },
    MEETING_OTHER: {
      status: 409,
      means: "The meeting is of a board of another process than the one the change goes by.",
      next: "Vote outside the meeting.",
    },
    NOT_PRESENT: {
      status: 409,
      means: "Only who is at a meeting votes in it.",
      next: "Say that you are there, or vote outside the meeting.",
    },
    NOT_ON_AGENDA: {
      status: 409,
      means: "The change asks nothing of the board whose meeting it is.",
      next: "Vote outside the meeting.",
    },
    OWN_ACCOUNT: {
      status: 409,
      means: "Administrators do not do this to their own account.",
      next: "Let another administrator do it.",
    },
  },
};
