import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scriptOf } from "../benches/lifecycle-statements.ts";
import { newestResults, PAGE, performancePage } from "../benches/page.ts";

test("the page of what things cost says what the newest results say; `node benches/page.ts` writes it", () => {
  expect(readFileSync(PAGE, "utf8")).toBe(performancePage(newestResults()));
});

test("of a promise that is not kept the page says so", () => {
  const [result] = newestResults();
  const figure = { median: 4, lower: 3, upper: 5, samples: 9 };
  const page = performancePage([
    {
      ...result!,
      bench: "trial",
      ratios: { "a by b": figure, "c by d": figure, "e by f": figure },
      limits: { "a by b": 3 },
      least: { "c by d": 4 },
    },
  ]);
  expect(page).toMatch(/^\| trial: a by b +\| at most 3 +\| 4 +\| \*\*not kept\*\* \|$/m);
  expect(page).toMatch(/^\| trial: c by d +\| at least 4 +\| 4 +\| kept +\|$/m);
  expect(page).not.toContain("| trial: e by f");
});

test("the script of a change has its transactions whole and in order, new ids as variables, and nothing of the background", () => {
  const [old, made, key] = ["1", "2", "3"].map((digit) => `${digit.repeat(8)}-0000-7000-8000-000000000000`);
  const sent = [
    { connection: 1, text: "select $1", values: [old], at: 5 },
    { connection: 1, text: "begin", values: [], at: 10 },
    { connection: 2, text: "begin", values: [], at: 11 },
    { connection: 2, text: 'select * from "change_mgmt"."outbox" limit $1', values: ["100"], at: 12 },
    { connection: 1, text: "insert into a values ($1, $2, $3, $4)", values: [made, old, null, "CHG-3"], at: 13 },
    { connection: 3, text: "select x from b where c = ANY($1::uuid[])", values: [`{"${made}","${old}"}`], at: 14 },
    { connection: 2, text: "commit", values: [], at: 15 },
    { connection: 1, text: 'insert into "change_mgmt"."outbox" values ($1)', values: [key], at: 16 },
    { connection: 1, text: "commit", values: [], at: 17 },
    { connection: 3, text: "select $1, $2", values: ["production", "late"], at: 30 },
  ];
  const folder = mkdtempSync(join(tmpdir(), "change-mgmt-test-"));
  try {
    const file = join(folder, "captured.jsonl");
    writeFileSync(file, `${sent.map((statement) => JSON.stringify(statement)).join("\n")}\n`);
    const { text, ...script } = scriptOf(file, 10, 20, "CHG-3", "production");
    expect(script).toEqual({ variables: { v1: old }, statements: 5, transactions: 2 });
    expect(text.split("\n").slice(1)).toEqual([
      "begin;",
      "insert into a values (:new0, :v1, NULL, :number);",
      'insert into "change_mgmt"."outbox" values (:new2);',
      "commit;",
      "select x from b where c = ANY(ARRAY[:new0, :v1]::uuid[]);",
      "",
    ]);
    expect(text).toContain("uuidv7()::text AS new0, uuidv7()::text AS new2 \\gset");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
