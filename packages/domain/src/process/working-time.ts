import { dayAfter, type Limit, local, momentOf, type Weekday, weekdayOf } from "./times.ts";

/** When people work: between two times of certain days, HH:MM in the zone, holidays (YYYY-MM-DD, or MM-DD of every year) left out. */
export interface WorkingTime {
  readonly zone: string;
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
  readonly holidays: readonly string[];
}

/** What a process works by that says nothing of it. */
export const USUAL_WORKING_TIME: WorkingTime = {
  zone: "UTC",
  days: ["MO", "TU", "WE", "TH", "FR"],
  from: "09:00",
  to: "17:00",
  holidays: [],
};

/** When people work who go by a process, in a workspace with holidays of its own. */
export function workingTimeIn(
  { workingTime = USUAL_WORKING_TIME }: { readonly workingTime?: WorkingTime },
  holidays: readonly string[] = [],
): WorkingTime {
  return { ...workingTime, holidays: [...workingTime.holidays, ...holidays] };
}

/**
 * When a limit that begins at a moment is over, both RFC 3339 UTC. Hours are those of the clock; working hours pass while people work; of
 * working days the one it begins on is the first as long as people still work on it, and it is over with the last one's end.
 */
export function limitEnd(limit: Limit, begins: string, time: WorkingTime): string {
  const start = Date.parse(begins);
  if ("hours" in limit) return new Date(start + limit.hours * HOUR_MS).toISOString();
  let left = "workingHours" in limit ? limit.workingHours * HOUR_MS : limit.workingDays;
  for (let day = local(start, time.zone).date; ; day = dayAfter(day, 1)) {
    if (!isWorkingDay(day, time)) continue;
    const from = Math.max(momentOf(day, time.from, time.zone), start);
    const to = momentOf(day, time.to, time.zone);
    if (to <= from) continue;
    const passes = "workingHours" in limit ? to - from : 1;
    if (left <= passes) return new Date("workingHours" in limit ? from + left : to).toISOString();
    left -= passes;
  }
}

const HOUR_MS = 3_600_000;

function isWorkingDay(day: string, { days, holidays }: WorkingTime): boolean {
  return days.includes(weekdayOf(day)) && !holidays.includes(day) && !holidays.includes(day.slice(5));
}
