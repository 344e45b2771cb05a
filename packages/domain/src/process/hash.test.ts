import { expect, test } from "vitest";
import { aProcess } from "../testing/builders.ts";
import { processHash } from "./hash.ts";

test("the hash tells processes apart and does not depend on where they were read from", () => {
  const hash = processHash(aProcess());
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(processHash(aProcess({ place: { file: "process.yaml", line: 1, column: 1 } }))).toBe(hash);
  expect(processHash(aProcess({ version: 2 }))).not.toBe(hash);
});
