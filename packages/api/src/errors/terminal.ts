import type { ErrorTopic } from "./topic.ts";

/** Codes of: terminal and pages. */
export const terminal: ErrorTopic = {
  id: "terminal",
  title: "Terminal and pages",
  about: "What the command line and the web app say themselves.",
  codes: {
    USAGE: { means: "The command line was not understood.", next: "See `change-mgmt help` and the command." },
    SERVER_UNREACHABLE: {
      means: "No server answers at the address.",
      next: "Start one, or name another with --server or CHANGE_MGMT_SERVER.",
    },
    UNEXPECTED_ANSWER: {
      means: "What answered is not this product.",
      next: "Check the address, and whether a proxy answers in its place.",
    },
    UNREACHABLE: {
      means: "The page cannot reach the server.",
      next: "Check that it runs and that this device is online; nothing was lost.",
    },
    PAGE_DEFECT: {
      means: "The page has a defect.",
      next: "Load it again; if that does not help, report the words it shows.",
    },
    CONFIGURATION_EXISTS: {
      means: "The repository has a change-mgmt.yaml, which init would replace.",
      next: "Look at what it would write with --print, or replace the file with --force.",
    },
    PATH_NOT_FOUND: { means: "A file or folder named is not there.", next: "Check the path." },
    GIT_UNAVAILABLE: {
      means: "Git is not there, or the folder belongs to no repository.",
      next: "Leave --base out, or run the command in a clone.",
    },
    GIT_REF_UNKNOWN: {
      means: "Git does not know the ref, or not how it led to what is checked out.",
      next: "Fetch it with its history; in continuous integration check out with fetch-depth: 0.",
    },
    BOARDS_MISSING: {
      means:
        "No component board is named: there is no change-mgmt.yaml here or above, or none of its components has a board.",
      next: "Give a component its folder, such as `board: data-layer/.component-board`.",
    },
    BOARD_OUTSIDE: {
      means: "The folder of a component board lies outside of the repository; nothing in it was read.",
      next: "Name a folder of the repository itself in change-mgmt.yaml.",
    },
    TICKET_INVALID: {
      means: "A file on a board is no ticket, or something in it cannot be read; the line is given.",
      next: "Correct the line; the ticket's title is its first heading.",
    },
    TICKET_TWICE: { means: "A ticket lies in two folders of its board.", next: "Leave it in one of them." },
    TICKET_CONFLICT: {
      means:
        "A ticket and its change have moved apart, and neither can follow the other by itself; nothing was done to either.",
      next: "Decide: do what the change asks for next, or move the ticket.",
    },
    FILE_THERE: { means: "Where a file was to go there is one already.", next: "Move one of the two away." },
    BASELINE_INVALID: { means: "The file is not a baseline of `check`.", next: "Write it with --write-baseline." },
    FILE_UNREADABLE: { means: "A file cannot be read.", next: "Check the path and who may read it." },
    FILE_NOT_WRITTEN: {
      means: "A file was not written; nothing was left behind.",
      next: "Check the folder and try again.",
    },
    RULE_UNKNOWN: {
      means: "The change-mgmt.yaml of the repository names a rule of migrations that there is not.",
      next: "Correct its id; docs/rules has them all.",
    },
    KEY_INVALID: { means: "The file holds no public key of a seal.", next: "Give 64 hex digits or a PEM block." },
    LOGIN_FILE_UNREADABLE: { means: "The file with your logins cannot be read.", next: "Check who may read it." },
    LOGIN_FILE_INVALID: {
      means: "The file with your logins is not one that `login` wrote.",
      next: "Delete it and log in again.",
    },
    STOPPED_WATCHING: {
      means: "The command stopped watching; the deployment goes on.",
      next: "Watch it again with `deployment show --watch`.",
    },
    NOT_CONFIRMED: {
      means: "The question was not answered with yes; nothing was done.",
      next: "Type the word asked for, or use --yes.",
    },
    ATTACHMENT_DAMAGED: {
      means: "What came is not what was attached.",
      next: "Try again; if it stays, tell whoever runs the server.",
    },
    DEMO_STUCK: { means: "A change of the demo does not get on.", next: "Look at it with `change-mgmt show`." },
    DEMO_BROKE: {
      means: "A step of the demo ended otherwise than it should.",
      next: "This is a defect of the product; report the line named.",
    },
  },
};
