import { expect, test } from "vitest";
import { Problem } from "./problem.ts";

test("a problem needs its code, sentence and hint; a place may say a pointer or a line", () => {
  const problem = { type: "/docs/errors#X", title: "X", status: 409, code: "X", detail: "No.", hint: "Wait." };
  const places = [{ pointer: "/a" }, { file: "a.sql", line: 3, column: 1 }];
  for (const place of places) expect(Problem.parse({ ...problem, place })).toEqual({ ...problem, place });
  for (const member of ["code", "detail", "hint"]) {
    expect(Problem.safeParse({ ...problem, [member]: undefined }).success).toBe(false);
  }
});
