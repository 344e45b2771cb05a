import type { Place } from "@change-mgmt/domain/change/refusal.ts";
import { Outline, textOf } from "../request-files/markdown-outline.ts";

/** Longer files are no tickets. In bytes. */
export const LARGEST_TICKET = 500_000;

export const PRIORITIES = ["High", "Medium", "Low"] as const;

/** A ticket of a component board, as its file says it. */
export interface Ticket {
  readonly title: string;
  readonly requester?: string;
  readonly priority?: (typeof PRIORITIES)[number];
  /** As `YYYY-MM-DD`. */
  readonly date?: string;
  /** Number of the change that it belongs to, where it says so. */
  readonly change?: string;
  /** Everything below the heading and its lines of facts, to the letter but for blank lines around it. */
  readonly body: string;
}

export interface TicketProblem {
  readonly code: "TICKET_INVALID";
  readonly message: string;
  readonly hint: string;
  readonly place: Place;
}

/** `**Requester**: web-app`; the colon may stand inside the bold. */
const FACT = /^\*\*(?<name>[A-Za-z ]+?)(?::\*\*|\*\*\s*:)\s*(?<value>.*)$/;

/** Whether a file among tickets is the one they are copied from: its name says so, or its date is still to be filled in. */
export function isTemplate(key: string, text: string): boolean {
  return /(^|[-_.])template([-_.]|$)/i.test(key) || /^\*\*Date(:\*\*|\*\*:)\s*\[?YYYY-MM-DD/m.test(text);
}

/**
 * Reads a ticket: a heading, lines of facts, sections. Without a heading it has no title and is none. Of facts that cannot be read each is a
 * problem with its line, and left out.
 */
export function readTicket(
  text: string,
  file: string,
): { readonly ticket: Ticket | undefined; readonly problems: readonly TicketProblem[] } {
  const [first, ...more] = new Outline(text.replace(/^\uFEFF/, ""), file).sections;
  const problems: TicketProblem[] = [];
  const problem = (message: string, hint: string, line: number) =>
    void problems.push({ code: "TICKET_INVALID", message, hint, place: { file, line, column: 1 } });
  if (first === undefined || first.heading === "") {
    problem("The ticket has no title.", "Begin it with a line such as: # Add user preferences", first?.place.line ?? 1);
    return { ticket: undefined, problems };
  }
  const facts: { -readonly [F in "requester" | "priority" | "date" | "change"]?: Ticket[F] } = {};
  const rest: string[] = [];
  for (const [at, line] of first.body.lines.entries()) {
    const { name, value = "" } = FACT.exec(line.trim())?.groups ?? {};
    const place = first.body.place.line! + at;
    switch (name?.toLowerCase()) {
      case "requester":
      case "change":
        if (value.trim() !== "") facts[name.toLowerCase() as "requester" | "change"] = value.trim();
        break;
      case "priority": {
        const priority = PRIORITIES.find((one) => one.toLowerCase() === value.trim().toLowerCase());
        if (priority === undefined)
          problem(`"${value.trim()}" is no priority.`, `Write one of ${PRIORITIES.join(", ")}.`, place);
        else facts.priority = priority;
        break;
      }
      case "date":
        if (isDay(value.trim())) facts.date = value.trim();
        else problem(`"${value.trim()}" is no date.`, "Write it as YYYY-MM-DD.", place);
        break;
      default:
        rest.push(line);
    }
  }
  const sections = more.map(({ heading, body }) => `## ${heading}\n\n${textOf(body)}`.trimEnd());
  const body = [rest.join("\n").trim(), ...sections].filter((part) => part !== "").join("\n\n");
  return { ticket: { title: first.heading, ...facts, body }, problems };
}

/** The text of a ticket as it lies on a board. */
export function writeTicket({ title, requester, priority, date, change, body }: Ticket): string {
  const facts = Object.entries({ Requester: requester, Priority: priority, Date: date, Change: change }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`**${name}**: ${oneLine(value)}`]),
  );
  return `${[`# ${oneLine(title)}`, ...(facts.length > 0 ? [facts.join("\n")] : []), ...(body === "" ? [] : [body])].join("\n\n")}\n`;
}

/** The stem of a ticket's file: its date and some words of its title, of letters, digits and dashes. */
export function keyFor(title: string, date: string): string {
  const words = title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  let slug = "";
  for (const word of words) {
    if (slug.length + word.length >= 60) break;
    slug += slug === "" ? word : `-${word}`;
  }
  return slug === "" ? `${date}-change` : `${date}-${slug}`;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
