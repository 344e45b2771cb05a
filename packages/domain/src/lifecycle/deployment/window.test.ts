import { expect, test } from "vitest";
import type { Process } from "../../process/process.ts";
import { aProcess, aRow, aTable } from "../../testing/builders.ts";
import { checkWindow } from "./window.ts";

const sunday = { days: ["SU" as const], from: "02:00", to: "06:00", zone: "UTC" };
const daily = { from: "10:00", to: "11:00", zone: "UTC" };
const tuesday = "2026-01-06T12:00:00Z";

function at(now: string, overrides: Partial<Process>, facts = {}, fields = {}) {
  const known = { environment: "staging", ...facts };
  const checked = checkWindow(aProcess(overrides), known, fields, now);
  return checked.ok ? "open" : checked.refusal;
}

test("without windows it is always open, and one open window of any table is enough", () => {
  expect(at(tuesday, {})).toBe("open");
  const windows = [aTable("windows", { windows: [sunday] }), aTable("slots", { windows: [daily] })];
  expect(at("2026-01-04T03:00:00Z", { windows })).toBe("open");
  expect(at("2026-01-06T10:00:00Z", { windows })).toBe("open");
  expect(at(tuesday, { windows })).toMatchObject({
    code: "OUTSIDE_WINDOW",
    message: "No window is open for staging now: SU 02:00–06:00 UTC; daily 10:00–11:00 UTC.",
    hint: "The next one opens at 2026-01-07T10:00:00.000Z.",
  });
  expect(at(tuesday, { windows: [...windows, aTable("urgent", { always: true })] })).toBe("open");
});

test("where nothing opens, or a table says nothing, nothing starts", () => {
  expect(at(tuesday, { windows: aTable("windows", {}) })).toMatchObject({
    code: "NO_WINDOW",
    message: "The process opens no window for staging.",
  });
  const rows = [aRow("production", { environment: "production" }, { always: true })];
  const windows = aTable("windows", { always: true }, { dimensions: ["environment"], rows });
  expect(at(tuesday, { windows })).toMatchObject({ code: "NO_WINDOW", message: expect.stringContaining("no row") });
});

test("a freeze closes what a window opens, for those it is for", () => {
  const freeze = { id: "year", title: "Year's end", from: "01-05", to: "01-06", zone: "UTC" };
  expect(at(tuesday, { freezes: [freeze] })).toMatchObject({ code: "FROZEN", details: { freeze: "year" } });
  expect(at("2026-01-07T00:00:00Z", { freezes: [freeze] })).toBe("open");
  const some = { freezes: [{ ...freeze, when: { type: "add" } }] };
  expect(at(tuesday, some, { type: "add" })).toMatchObject({ code: "FROZEN" });
  expect(at(tuesday, some, { type: "remove" })).toBe("open");
});

test("a freeze until a date of the form names it", () => {
  const freezes = [{ id: "notice", title: "Notice", until: "sunset", zone: "UTC" }];
  const message = (fields = {}) => at(tuesday, { freezes }, {}, fields);
  expect(message({ sunset: "2026-07-01" })).toMatchObject({
    message: expect.stringContaining("(until 2026-07-01, UTC)"),
  });
  expect(message()).toMatchObject({
    message: expect.stringContaining("(until the date of sunset, which is not given"),
  });
  expect(message({ sunset: "2026-01-06" })).toBe("open");
});
