import { expect, test } from "vitest";
import { Problem, statusOf } from "./problem.ts";

test.each([
  ["INPUT_INVALID", 422],
  ["NOT_SIGNED_IN", 401],
  ["OWN_CHANGE", 403],
  ["CHANGE_UNKNOWN", 404],
  ["STALE_VERSION", 412],
  ["TOO_LARGE", 413],
  ["MEDIA_TYPE_UNSUPPORTED", 415],
  ["RATE_LIMITED", 429],
  ["STORE_UNAVAILABLE", 503],
])("%s is %i", (code, status) => {
  expect(statusOf(code)).toBe(status);
});

test.each([["NOT_APPROVED_YET"], ["constructor_"], [""]])("every other code, such as %j, is 409", (code) => {
  expect(statusOf(code)).toBe(409);
});

test("a problem needs its code, sentence and hint; a place may say a pointer or a line", () => {
  const problem = { type: "/docs/errors#X", title: "X", status: 409, code: "X", detail: "No.", hint: "Wait." };
  const places = [{ pointer: "/a" }, { file: "a.sql", line: 3, column: 1 }];
  for (const place of places) expect(Problem.parse({ ...problem, place })).toEqual({ ...problem, place });
  for (const member of ["code", "detail", "hint"]) {
    expect(Problem.safeParse({ ...problem, [member]: undefined }).success).toBe(false);
  }
});
