import fc from "fast-check";
import { expect, test } from "vitest";
import {
  isFrozen,
  isOpen,
  isTime,
  isZone,
  limitText,
  monthsAfter,
  nextOpening,
  type Recurrence,
  recurrenceText,
} from "./times.ts";

const sunday: Recurrence = { days: ["SU"], from: "02:00", to: "06:00", zone: "UTC" };
const night: Recurrence = { days: ["FR"], from: "22:00", to: "02:00", zone: "Europe/Berlin" };

test.each<[Recurrence, string, boolean]>([
  [sunday, "2026-01-04T02:00:00Z", true],
  [sunday, "2026-01-04T05:59:59Z", true],
  [sunday, "2026-01-04T06:00:00Z", false],
  [sunday, "2026-01-04T01:59:59Z", false],
  [sunday, "2026-01-05T03:00:00Z", false],
  [night, "2026-01-02T21:00:00Z", true],
  [night, "2026-01-03T00:59:00Z", true],
  [night, "2026-01-03T01:00:00Z", false],
  [night, "2026-01-03T21:30:00Z", false],
  [night, "2026-07-03T20:00:00Z", true],
  [{ from: "10:00", to: "11:00", zone: "UTC" }, "2026-01-06T10:30:00Z", true],
  [{ from: "10:00", to: "10:00", zone: "UTC" }, "2026-01-06T03:00:00Z", true],
])("%j at %s is open: %s", (window, at, open) => {
  expect(isOpen(window, at)).toBe(open);
});

test.each<[Recurrence, string, string]>([
  [sunday, "2026-01-01T12:00:00Z", "2026-01-04T02:00:00.000Z"],
  [sunday, "2026-01-04T02:00:00Z", "2026-01-11T02:00:00.000Z"],
  [night, "2026-06-30T12:00:00Z", "2026-07-03T20:00:00.000Z"],
  [{ from: "10:00", to: "11:00", zone: "UTC" }, "2026-01-01T09:59:00Z", "2026-01-01T10:00:00.000Z"],
  // Clocks in Berlin go from 02:00 to 03:00 on this night, and back on the other.
  [{ from: "02:30", to: "04:00", zone: "Europe/Berlin" }, "2026-03-28T23:00:00Z", "2026-03-29T01:30:00.000Z"],
  [{ from: "03:30", to: "04:00", zone: "Europe/Berlin" }, "2026-10-24T23:00:00Z", "2026-10-25T02:30:00.000Z"],
])("%j opens after %s at %s", (window, after, at) => {
  expect(nextOpening(window, after)).toBe(at);
});

test("the next opening is open, lies ahead, and nothing begins before it", () => {
  const day = fc.constantFrom("MO", "TU", "WE", "TH", "FR", "SA", "SU" as const);
  const hour = fc.integer({ min: 4, max: 23 }).map((value) => `${String(value).padStart(2, "0")}:00`);
  const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata");
  const moment = fc.date({
    min: new Date("2026-01-01T00:00:00Z"),
    max: new Date("2027-01-01T00:00:00Z"),
    noInvalidDate: true,
  });
  const ahead = fc.double({ min: 0, max: 0.999, noNaN: true });
  fc.assert(
    fc.property(
      fc.uniqueArray(day, { minLength: 1 }),
      hour,
      hour,
      zone,
      moment,
      ahead,
      (days, from, to, at, now, part) => {
        fc.pre(from !== to);
        const window = { days, from, to, zone: at } as Recurrence;
        const next = Date.parse(nextOpening(window, now.toISOString()));
        expect(next).toBeGreaterThan(now.getTime());
        expect(isOpen(window, new Date(next).toISOString())).toBe(true);
        const between = new Date(now.getTime() + (next - now.getTime()) * part).toISOString();
        if (!isOpen(window, now.toISOString())) expect(isOpen(window, between)).toBe(false);
      },
    ),
    { numRuns: 60 },
  );
});

test.each<[string, string, string, boolean]>([
  ["2026-12-24", "2026-12-26", "2026-12-26T22:59:00Z", true],
  ["2026-12-24", "2026-12-26", "2026-12-26T23:00:00Z", false],
  ["2026-12-24", "2026-12-26", "2027-12-25T12:00:00Z", false],
  ["12-24", "12-26", "2027-12-25T12:00:00Z", true],
  ["12-31", "01-01", "2027-01-01T12:00:00Z", true],
  ["12-31", "01-01", "2026-12-31T12:00:00Z", true],
  ["12-31", "01-01", "2026-06-01T12:00:00Z", false],
])("a freeze from %s to %s in Berlin holds at %s: %s", (from, to, at, holds) => {
  expect(isFrozen({ id: "f", title: "F", from, to, zone: "Europe/Berlin" }, at, {})).toBe(holds);
});

test("a freeze until a date of the form holds before that day, and as long as nobody has given it", () => {
  const freeze = { id: "f", title: "F", until: "sunset", zone: "UTC" };
  const at = (now: string, sunset?: unknown) => isFrozen(freeze, now, { sunset });
  expect(at("2026-06-30T23:59:59Z", "2026-07-01")).toBe(true);
  expect(at("2026-07-01T00:00:00Z", "2026-07-01")).toBe(false);
  expect(at("2026-07-01T00:00:00Z")).toBe(true);
  expect(isFrozen({ id: "f", title: "F", zone: "UTC" }, "2026-07-01T00:00:00Z", {})).toBe(true);
});

test.each([
  ["2026-01-31", 6, "2026-07-31"],
  ["2026-08-31", 6, "2027-02-28"],
  ["2027-08-31", 6, "2028-02-29"],
  ["2026-12-01", 1, "2027-01-01"],
  ["2026-03-15", 24, "2028-03-15"],
])("%s and %i months later is %s", (date, months, later) => {
  expect(monthsAfter(date, months)).toBe(later);
});

test("times, zones and limits in words", () => {
  expect(["00:00", "23:59", "24:00", "9:00"].map(isTime)).toEqual([true, true, false, false]);
  expect(["UTC", "Europe/Berlin", "Nowhere"].map(isZone)).toEqual([true, true, false]);
  expect(
    [{ hours: 1 }, { hours: 2 }, { workingHours: 4 }, { workingDays: 1 }, { workingDays: 3 }].map(limitText),
  ).toEqual(["one hour", "2 hours", "4 working hours", "one working day", "3 working days"]);
  expect(recurrenceText(sunday)).toBe("SU 02:00–06:00 UTC");
  expect(recurrenceText({ from: "10:00", to: "11:00", zone: "UTC" })).toBe("daily 10:00–11:00 UTC");
});
