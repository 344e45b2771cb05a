import { expect, test } from "vitest";
import { z } from "zod";
import { refused } from "../testing/small-workspace.ts";
import { parseInput } from "./parse-input.ts";

const Shape = z.object({ name: z.string(), "a/b~c": z.array(z.number()).default([]) });

test("an input comes back parsed, with its defaults", () => {
  expect(parseInput(Shape, { name: "x" })).toEqual({ ok: true, value: { name: "x", "a/b~c": [] } });
});

test("every problem is told at once, each at its JSON pointer", () => {
  const refusal = refused(parseInput(Shape, { "a/b~c": [1, "two"] }));
  expect(refusal.code).toBe("INPUT_INVALID");
  expect(refusal.problems?.map(({ place }) => place?.pointer)).toEqual(["/name", "/a~1b~0c/1"]);
  expect(refusal.message).toMatch(/^The input has 2 problems: \/name: .+; \/a~1b~0c\/1: .+$/);
  expect(refused(parseInput(Shape, { name: 1 })).message).toMatch(/^The input has a problem: \/name: /);
});
