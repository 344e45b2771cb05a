import type { Place } from "../change/refusal.ts";
import type { Condition } from "./process.ts";

export const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

/** A day of the week as iCalendar (RFC 5545) writes it. */
export type Weekday = (typeof WEEKDAYS)[number];

/** A time that comes again: `from` and `to` as HH:MM in the zone (IANA name); a `to` not after `from` is on the next day. */
export interface Recurrence {
  readonly title?: string;
  /** Every day where it is left out. */
  readonly days?: readonly Weekday[];
  readonly from: string;
  readonly to: string;
  readonly zone: string;
}

/** How long something may take: hours of the clock, hours of work, or working days. */
export type Limit = { readonly hours: number } | { readonly workingHours: number } | { readonly workingDays: number };

/** What opens a deployment's way in time: `always`, or any of the windows. An answer with neither opens nothing. */
export interface WindowAnswer {
  readonly always?: boolean;
  readonly windows?: readonly Recurrence[];
}

/**
 * Days on which no deployment starts, the last one included: dates YYYY-MM-DD, or MM-DD for every year, in the zone. With `until` instead,
 * every day before the date in that field of the form.
 */
export interface Freeze {
  readonly id: string;
  readonly title: string;
  readonly from?: string;
  readonly to?: string;
  readonly until?: string;
  readonly zone: string;
  /** Whom it keeps from deploying; everybody where it is left out. */
  readonly when?: Condition;
  readonly source?: string;
  readonly place?: Place;
}

const DAY_MS = 86_400_000;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Whether a text is a time of day HH:MM. */
export function isTime(text: string): boolean {
  return TIME.test(text);
}

/** Whether a text names a time zone. */
export function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** Whether a recurring time is now; its beginning belongs to it, its end does not. */
export function isOpen({ days, from, to, zone }: Recurrence, now: string): boolean {
  const { date, time } = local(now, zone);
  const began = (day: string, holds: boolean) => holds && (days === undefined || days.includes(weekdayOf(day)));
  if (from < to) return began(date, from <= time && time < to);
  return began(date, from <= time) || began(dayAfter(date, -1), time < to);
}

/** When a recurring time opens next after now, in RFC 3339 UTC. */
export function nextOpening({ days, from, zone }: Recurrence, now: string): string {
  const today = local(now, zone).date;
  for (let ahead = 0; ; ahead++) {
    const day = dayAfter(today, ahead);
    const at = momentOf(day, from, zone);
    if ((days === undefined || days.includes(weekdayOf(day))) && at > Date.parse(now))
      return new Date(at).toISOString();
  }
}

/** A recurring time in words: `SU 02:00–06:00 UTC`. */
export function recurrenceText({ days, from, to, zone }: Recurrence): string {
  return `${days === undefined ? "daily" : days.join(", ")} ${from}–${to} ${zone}`;
}

/**
 * Whether a freeze holds now, by the fields of the change's form. One of every year may run over its end; one until a date that nobody has
 * given holds.
 */
export function isFrozen(
  { from, to, until, zone }: Freeze,
  now: string,
  fields: Readonly<Record<string, unknown>>,
): boolean {
  const today = local(now, zone).date;
  if (until !== undefined) {
    const date = fields[until];
    return typeof date !== "string" || today < date;
  }
  if (from === undefined || to === undefined) return true;
  const day = today.slice(-from.length);
  return from <= to ? from <= day && day <= to : from <= day || day <= to;
}

/** A limit in words: `2 hours`, `one working day`. */
export function limitText(limit: Limit): string {
  const [count, unit]: [number, string] =
    "hours" in limit
      ? [limit.hours, "hour"]
      : "workingHours" in limit
        ? [limit.workingHours, "working hour"]
        : [limit.workingDays, "working day"];
  return count === 1 ? `one ${unit}` : `${count} ${unit}s`;
}

/** Day YYYY-MM-DD and time HH:MM as clocks in the zone show them. */
export function local(now: string | number, zone: string): { readonly date: string; readonly time: string } {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(new Date(now));
  const part = (type: string) => parts.find((candidate) => candidate.type === type)!.value;
  return { date: `${part("year")}-${part("month")}-${part("day")}`, time: `${part("hour")}:${part("minute")}` };
}

/** The moment at which clocks in the zone show this, in milliseconds; where they skip it, as long after as they skip. */
export function momentOf(date: string, time: string, zone: string): number {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  const shown = (at: number) => {
    const there = local(at, zone);
    return Date.parse(`${there.date}T${there.time}:00Z`);
  };
  // Once more, because the offset may be another one where the first guess leads.
  const guess = wanted - (shown(wanted) - wanted);
  return guess - (shown(guess) - wanted);
}

/** The day so many days after another. */
export function dayAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The day of the week of a date. */
export function weekdayOf(date: string): Weekday {
  return WEEKDAYS[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7]!;
}

/** The date so many months after another, both YYYY-MM-DD; the last of the month where that month has no such day. */
export function monthsAfter(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const lastDay = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay))).toISOString().slice(0, 10);
}
