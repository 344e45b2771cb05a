import { resolve } from "node:path";
import { ERROR_CODES } from "@change-mgmt/api/errors/codes.ts";
import { expect, test } from "vitest";
import { lineAt, readSource } from "./architecture/source.ts";
import { readTree } from "./architecture/tree.ts";

/** Words in capitals that are no codes: settings, the operating system's, Postgres's and libraries' own. */
const OTHER_WORDS =
  /^(?:CHANGE_MGMT_.*|DATABASE_URL|TARGET_DATABASE_URL|SMTP_URL|PG_VERSION|JWKS_URL|PRIVATE_HOSTS|ROLE_CLAIM|TEAM_CLAIM|ENOENT|FST_.*|ERR_.*|HPE_.*|OBJECT_.*|CONSTR_.*|REINDEX_OBJECT_.*|DISCARD_ALL)$/;

interface Said {
  readonly code: string;
  readonly where: string;
}

/**
 * Every code that a source says: any quoted word of capitals joined by underscores, however it reaches a refusal, and a
 * single word where a code is due. A comparison with a code does not say it.
 */
function codesSaidIn(file: string, text: string): Said[] {
  const source = readSource(text);
  return [...source.bare.matchAll(/(["'`])(\s*)\1/g)].flatMap(({ index, 0: quoted }) => {
    const code = source.uncommented.slice(index + 1, index + quoted.length - 1);
    const before = source.bare.slice(Math.max(0, index - 200), index).trimEnd();
    const due = /(?:\b(?:refuse|cannotRun|say|report|problem)\(|\bcode:)$/.test(before);
    const isCode = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(code) || (due && /^[A-Z]{3,}$/.test(code));
    if (!isCode || OTHER_WORDS.test(code) || /[!=]==?$/.test(before)) return [];
    return [{ code, where: `${file}:${lineAt(source.bare, index)}` }];
  });
}

const said = [...readTree(resolve(import.meta.dirname, ".."))].flatMap(([file, text]) =>
  /^packages\/[^/]+\/src\/.*\.tsx?$/.test(file) &&
  !/\.test\.tsx?$|\/testing\//.test(file) &&
  !file.startsWith("packages/api/src/errors/")
    ? codesSaidIn(file, text)
    : [],
);

test("every code that a source says stands in the table, packages/api/src/errors/", () => {
  expect(said.filter(({ code }) => !ERROR_CODES.has(code))).toEqual([]);
});

test("every code of the table is said somewhere", () => {
  const used = new Set(said.map(({ code }) => code));
  expect([...ERROR_CODES.keys()].filter((code) => !used.has(code))).toEqual([]);
});

test("the scan finds codes in every way of saying one, and nothing else", () => {
  const text = `
    refuse("NEW_CODE", "A sentence of ODD_WORDS.");
    refuse(late ? "TOO_LATE" : "TOO_EARLY", message);
    const codes = ["IN_A_LIST"]; // "IN_A_COMMENT"
    problems.push({ code: "SINGLE" });
    if (code === "ASKED_FOR") read("SHOUT", env.CHANGE_MGMT_PORT);
  `;
  expect(codesSaidIn("a.ts", text).map(({ code, where }) => `${code} ${where}`)).toEqual([
    "NEW_CODE a.ts:2",
    "TOO_LATE a.ts:3",
    "TOO_EARLY a.ts:3",
    "IN_A_LIST a.ts:4",
    "SINGLE a.ts:5",
  ]);
});
