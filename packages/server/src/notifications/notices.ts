/** What somebody is told of by mail: who, and in which words. */
export interface Told {
  readonly handles: readonly string[];
  readonly subject: string;
  readonly lines: readonly string[];
}

/** The change an event is about. */
export interface About {
  readonly number: string;
  readonly title: string;
  readonly requester: string;
  /** Whoever asked for the deployment that the event is about. */
  readonly deployedBy: string | null;
}

type Details = Readonly<Record<string, unknown>>;

/**
 * Events that people hear of by mail, and only those who have something to do about it: to vote, to vote anew, to decide on a deployment. What
 * merely happened is on the pages.
 */
const NOTICES: Readonly<Record<string, (about: About, details: Details) => Told>> = {
  "approval.due-soon": (about, details) => ({
    handles: list(details.told),
    subject: `${about.number} waits for your approval until ${words(details.dueAt)}`,
    lines: [`"${words(details.title)}" of ${about.number}, ${about.title}, is due at ${words(details.dueAt)}.`],
  }),
  "approval.overdue": (about, details) => ({
    handles: list(details.told),
    subject: `${about.number}: an approval is overdue`,
    lines: [`"${words(details.title)}" of ${about.number}, ${about.title}, was due at ${words(details.dueAt)}.`],
  }),
  "votes.voided": (about, details) => ({
    handles: list(details.voters),
    subject: `Your vote on ${about.number} does not count any more`,
    lines: [
      `${about.number}, ${about.title}, was edited after you voted. What you voted on is not what it is now: look at it and vote anew.`,
    ],
  }),
  "watch.held": (about, details) => ({
    handles: concerned(about),
    subject: `${about.number} in ${words(details.environment)} cannot be measured`,
    lines: [
      `${words(details.title)}: ${words(details.words)}. Until it is measured again nobody knows whether the deployment is well.`,
    ],
  }),
  "watch.triggered": (about, details) => ({
    handles: concerned(about),
    subject: `${about.number} in ${words(details.environment)}: a rollback trigger was set off`,
    lines: [
      ...triggers(details.triggers),
      details.response === "ask" ? "Roll it back, or end the watch with a reason." : "It is rolled back by itself.",
    ],
  }),
  "watch.rollback-refused": (about, details) => ({
    handles: concerned(about),
    subject: `${about.number} in ${words(details.environment)} cannot be rolled back yet`,
    lines: [words(details.message), words(details.hint)],
  }),
};

/** The same of meetings, which are about no one change. */
const MEETING_NOTICES: Readonly<Record<string, (details: Details) => Told>> = {
  "meeting.convened": (details) => ({
    handles: list(details.told),
    subject: `${words(details.title)} is convened for ${words(details.from)}${details.urgent === true ? ", in an emergency" : ""}`,
    lines: [
      `${words(details.title)} meets at ${words(details.from)}.`,
      ...(details.reason === null ? [] : [words(details.reason)]),
    ],
  }),
  "meeting.called-off": (details) => ({
    handles: list(details.told),
    subject: `${words(details.title)} does not meet at ${words(details.from)}`,
    lines: [`The meeting is called off: ${words(details.reason)}`],
  }),
};

/** Events that somebody is told of by mail. */
export const TOLD_BY_MAIL: readonly string[] = [...Object.keys(NOTICES), ...Object.keys(MEETING_NOTICES)];

/** Whom to tell of an event about a meeting, and what; undefined for any other event. */
export function meetingNoticeOf(event: string, details: Details): Told | undefined {
  return MEETING_NOTICES[event]?.(details);
}

/** Whom to tell of an event, and what; undefined for an event that nobody is told of by mail. */
export function noticeOf(event: string, about: About, details: Details): Told | undefined {
  return NOTICES[event]?.(about, details);
}

function concerned({ requester, deployedBy }: About): readonly string[] {
  return [...new Set([requester, ...(deployedBy === null ? [] : [deployedBy])])];
}

function triggers(value: unknown): string[] {
  return Array.isArray(value) ? value.map(({ title, words: said }) => `${words(title)}: ${words(said)}.`) : [];
}

function list(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** A value on one line, so that nothing somebody has written begins a line, or a header, of its own. */
function words(value: unknown): string {
  return String(value ?? "").replace(/[\r\n]+/g, " ");
}
