import { dayAfter, local, momentOf, nextOpening, type Recurrence } from "./times.ts";

/** One meeting, in RFC 3339 UTC. */
export interface Meeting {
  readonly from: string;
  readonly to: string;
}

/** The next meetings after a moment (RFC 3339 UTC), as many as asked for. */
export function nextMeetings(meets: Recurrence, now: string, count: number): readonly Meeting[] {
  const meetings: Meeting[] = [];
  for (let after = now; meetings.length < count; after = meetings.at(-1)!.from) {
    const from = nextOpening(meets, after);
    const { date } = local(from, meets.zone);
    const end = momentOf(meets.from < meets.to ? date : dayAfter(date, 1), meets.to, meets.zone);
    meetings.push({ from, to: new Date(end).toISOString() });
  }
  return meetings;
}

/**
 * Meetings as an iCalendar file (RFC 5545), lines ended as it asks; each has an id of its own that stays the same, so that a calendar which
 * reads it again has no meeting twice. `stamp` is the moment it is written, RFC 3339 UTC.
 */
export function meetingCalendar(id: string, title: string, meetings: readonly Meeting[], stamp: string): string {
  const moment = (at: string) => `${at.slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  const text = (value: string) => value.replaceAll(/[\\;,]/g, "\\$&").replaceAll("\n", "\\n");
  const events = meetings.flatMap(({ from, to }) => [
    "BEGIN:VEVENT",
    `UID:${id}-${moment(from)}@change-mgmt`,
    `DTSTAMP:${moment(stamp)}`,
    `DTSTART:${moment(from)}`,
    `DTEND:${moment(to)}`,
    `SUMMARY:${text(title)}`,
    "END:VEVENT",
  ]);
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//change-mgmt//boards//EN", ...events, "END:VCALENDAR"];
  return lines.flatMap(folded).join("\r\n").concat("\r\n");
}

/** A line in pieces of at most 75 octets, those after the first led by a space. */
function folded(line: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  let octets = 0;
  for (const letter of line) {
    const code = letter.codePointAt(0)!;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (octets + size > 75) {
      pieces.push(piece);
      [piece, octets] = [" ", 1];
    }
    piece += letter;
    octets += size;
  }
  return [...pieces, piece];
}
