import type { Place, Problem } from "../change/refusal.ts";
import { checkCondition, checkDuplicates, problem } from "./problem.ts";
import type { Process } from "./process.ts";
import type { RollbackTrigger } from "./rollback-trigger.ts";
import { suggest } from "./suggestion.ts";
import { tablesIn } from "./table.ts";
import { type Freeze, isTime, isZone, type Recurrence } from "./times.ts";
import type { WorkingTime } from "./working-time.ts";

const DAY = /^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** What is wrong with windows, freezes and rollback triggers: times, zones and thresholds that mean nothing. */
export function checkCalendar(process: Process): readonly Problem[] {
  const { windows, freezes = [], triggers, workingTime } = process;
  const opened = windows === undefined ? [] : tablesIn(windows).flatMap((table) => table.rows);
  const watched = triggers === undefined ? [] : tablesIn(triggers).flatMap((table) => table.rows);
  return [
    ...opened.flatMap((row) =>
      (row.then.windows ?? []).flatMap((window) => checkRecurrence(window, `Row ${row.id}`, row.place)),
    ),
    ...(workingTime === undefined ? [] : checkWorkingTime(workingTime, process.place)),
    ...checkDuplicates("freezes", freezes),
    ...freezes.flatMap((freeze) => checkFreeze(freeze, process)),
    ...watched.flatMap((row) => [
      ...checkDuplicates(`triggers in row ${row.id}`, row.then.triggers),
      ...row.then.triggers.flatMap((trigger) => checkTrigger(trigger, row.place)),
    ]),
  ];
}

/** What is wrong with a recurring time. */
export function checkRecurrence(
  { from, to, zone }: Recurrence,
  where: string,
  place: Place | undefined,
): readonly Problem[] {
  return [
    ...[from, to]
      .filter((time) => !isTime(time))
      .map((time) => problem("TIME_INVALID", `${where}: "${time}" is no time of day.`, "Write it as HH:MM.", place)),
    ...checkZone(zone, where, place),
  ];
}

function checkWorkingTime(time: WorkingTime, place: Place | undefined): readonly Problem[] {
  const { from, to, holidays } = time;
  return [
    ...checkRecurrence(time, "Working time", place),
    ...(from < to
      ? []
      : [problem("TIME_INVALID", `Working time is from ${from} to ${to}.`, "It ends on the day it begins.", place)]),
    ...holidays
      .filter((day) => !DAY.test(day))
      .map((day) =>
        problem("DAYS_INVALID", `"${day}" is no holiday.`, "Write YYYY-MM-DD, or MM-DD for every year.", place),
      ),
  ];
}

function checkFreeze(
  { id, from = "", to = "", until, zone, when = {}, place }: Freeze,
  process: Process,
): readonly Problem[] {
  const where = `Freeze ${id}`;
  const dates = process.form.fields.filter((field) => field.kind === "date").map((field) => field.id);
  const isOnlyUntil = until !== undefined && `${from}${to}` === "";
  const isPair =
    until === undefined &&
    DAY.test(from) &&
    DAY.test(to) &&
    from.length === to.length &&
    (from.length === 5 || from <= to);
  return [
    ...checkCondition(when, process.dimensions, where, place),
    ...checkZone(zone, where, place),
    ...(until === undefined || dates.includes(until)
      ? []
      : [
          problem(
            "FIELD_UNKNOWN",
            `${where} is until "${until}", which is no field of a date.`,
            suggest(until, dates),
            place,
          ),
        ]),
    ...(isPair || isOnlyUntil
      ? []
      : [
          problem(
            "DAYS_INVALID",
            `${where} is from "${from}" to "${to}".`,
            "Two dates YYYY-MM-DD, the first not after the second, or MM-DD for every year; or until a field alone.",
            place,
          ),
        ]),
  ];
}

function checkZone(zone: string, where: string, place: Place | undefined): readonly Problem[] {
  if (isZone(zone)) return [];
  return [
    problem("ZONE_UNKNOWN", `${where}: there is no time zone "${zone}".`, "Use a name such as Europe/Berlin.", place),
  ];
}

function checkTrigger({ id, metric, above, times }: RollbackTrigger, place: Place | undefined): readonly Problem[] {
  const isRight = {
    health: above === undefined && times === undefined,
    alerts: above === undefined && times === undefined,
    "error-rate": above !== undefined && above >= 0 && above < 1 && times === undefined,
    "response-time": times !== undefined && times > 1 && above === undefined,
    "lock-waits": above !== undefined && above >= 0 && times === undefined,
    "replication-lag": above !== undefined && above >= 0 && times === undefined,
  }[metric];
  if (isRight) return [];
  const hint = {
    health: "It has no threshold.",
    alerts: "It has no threshold.",
    "error-rate": 'Say "above" as a share of requests, such as 0.05.',
    "response-time": 'Say "times" as a multiple of the baseline, such as 2.',
    "lock-waits": 'Say "above" as a number of sessions, such as 5.',
    "replication-lag": 'Say "above" as seconds, such as 30.',
  }[metric];
  return [
    problem("THRESHOLD_INVALID", `The trigger ${id} on ${metric} has a threshold that means nothing.`, hint, place),
  ];
}
