import { expect, test } from "vitest";
import { meetingCalendar, nextMeetings } from "./meetings.ts";

const weekly = { days: ["WE" as const], from: "15:00", to: "16:00", zone: "Europe/Berlin" };

test("the next meetings keep their time of day over a change of clocks", () => {
  expect(nextMeetings(weekly, "2026-03-18T14:00:00.000Z", 2)).toEqual([
    { from: "2026-03-25T14:00:00.000Z", to: "2026-03-25T15:00:00.000Z" },
    { from: "2026-04-01T13:00:00.000Z", to: "2026-04-01T14:00:00.000Z" },
  ]);
});

test("one over midnight ends on the next day", () => {
  expect(nextMeetings({ ...weekly, from: "23:00", to: "01:00", zone: "UTC" }, "2026-03-18T00:00:00Z", 1)).toEqual([
    { from: "2026-03-18T23:00:00.000Z", to: "2026-03-19T01:00:00.000Z" },
  ]);
});

test("a calendar has each of them, with what iCalendar asks of texts and lines", () => {
  const meetings = nextMeetings(weekly, "2026-03-18T14:00:00.000Z", 2);
  const file = meetingCalendar("itil-cab", "CAB; weekly, \\ here", meetings, "2026-03-01T00:00:00.000Z");
  expect(file.split("\r\n").slice(0, 10)).toEqual([
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//change-mgmt//boards//EN",
    "BEGIN:VEVENT",
    "UID:itil-cab-20260325T140000Z@change-mgmt",
    "DTSTAMP:20260301T000000Z",
    "DTSTART:20260325T140000Z",
    "DTEND:20260325T150000Z",
    "SUMMARY:CAB\\; weekly\\, \\\\ here",
    "END:VEVENT",
  ]);
  expect(file.endsWith("END:VEVENT\r\nEND:VCALENDAR\r\n")).toBe(true);
  const long = meetingCalendar("x", "Änderungsbeirat 会 🗳 ".repeat(9), meetings.slice(0, 1), "2026-03-01T00:00:00Z");
  expect(long.split("\r\n").every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  expect(long.replaceAll("\r\n ", "")).toContain("Änderungsbeirat 会 🗳 ".repeat(9));
});
