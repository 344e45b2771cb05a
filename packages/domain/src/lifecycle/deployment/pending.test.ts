import { expect, test } from "vitest";
import { decidePending, type HistoryFile, type ToolHistory } from "./pending.ts";

const file = (name: string, with_: Partial<HistoryFile> = {}): HistoryFile => ({
  name,
  key: name.slice(0, 1),
  hash: `hash of ${name}`,
  checksums: null,
  repeatable: false,
  ...with_,
});
const files = [file("1_a"), file("2_b"), file("3_c")];
const own = (...names: string[]) => new Map(names.map((name) => [name, `hash of ${name}`]));
const goose = (rows: Record<string, string | null>, unfinished: string[] = []): ToolHistory => ({
  tool: "goose",
  rows: new Map(Object.entries(rows)),
  unfinished,
});
const names = (...given: Parameters<typeof decidePending>) => {
  const decided = decidePending(...given);
  return decided.ok ? decided.value.map(({ name }) => name) : decided.refusal.code;
};

test("what no ledger has is pending, in order", () => {
  expect(names(files, new Map(), null, false)).toEqual(["1_a", "2_b", "3_c"]);
  expect(names(files, own("1_a"), null, false)).toEqual(["2_b", "3_c"]);
});

test("what the tool alone has applied counts as applied, and so does what both have", () => {
  expect(names(files, new Map(), goose({ 1: null, 2: null }), false)).toEqual(["3_c"]);
  expect(names(files, own("2_b"), goose({ 1: null, 2: null }), false)).toEqual(["3_c"]);
  expect(names(files, own("1_a", "2_b", "3_c"), goose({ 1: null, 2: null, 3: null }), false)).toEqual([]);
});

test("what a tool has left unfinished is refused", () => {
  expect(decidePending(files, new Map(), goose({ 1: null }, ["2_b"]), false)).toMatchObject({
    refusal: { code: "HISTORY_UNFINISHED", message: expect.stringContaining("2_b") },
  });
});

test("what the database has and the folder has not is refused, whichever ledger says so", () => {
  expect(names(files, own("0_x"), null, false)).toBe("HISTORY_FILE_MISSING");
  expect(names(files, new Map(), goose({ 9: null }), false)).toBe("HISTORY_FILE_MISSING");
});

test("many are counted in the sentence, and all are among the problems", () => {
  const refused = decidePending(files, own("5_", "6_", "7_", "8_"), null, false);
  expect(refused).toMatchObject({
    refusal: {
      message: "The database has 5_, 6_, 7_ and 1 more, and there is no such file here.",
      problems: [{ message: "5_" }, { message: "6_" }, { message: "7_" }, { message: "8_" }],
    },
  });
});

test("a file that changed after it was applied is refused, by our hash or by the tool's checksum", () => {
  expect(names(files, new Map([["1_a", "other"]]), null, false)).toBe("HISTORY_CHANGED");
  const summed = [file("1_a", { checksums: ["lf", "crlf"] })];
  expect(names(summed, new Map(), goose({ 1: "other" }), false)).toBe("HISTORY_CHANGED");
  expect(names(summed, new Map(), goose({ 1: "crlf" }), false)).toEqual([]);
  expect(names(summed, new Map(), goose({ 1: null }), false)).toEqual([]);
  expect(names(files, new Map(), goose({ 1: "kept, and of no use" }), false)).toEqual(["2_b", "3_c"]);
});

test("what we applied and the tool does not know is refused", () => {
  expect(decidePending(files, own("1_a", "2_b"), goose({ 1: null }), false)).toMatchObject({
    refusal: { code: "LEDGERS_DISAGREE", message: expect.stringContaining("2_b") },
  });
});

test("a file that comes before an applied one is refused, unless that is allowed", () => {
  expect(names(files, own("1_a", "3_c"), null, false)).toBe("HISTORY_OUT_OF_ORDER");
  expect(names(files, own("1_a", "3_c"), null, true)).toEqual(["2_b"]);
});

test("a repeatable file is pending until it was applied with this very content", () => {
  const again = [file("1_a"), file("R_view", { repeatable: true, checksums: ["7"] })];
  expect(names(again, own("1_a"), null, false)).toEqual(["R_view"]);
  expect(names(again, own("1_a", "R_view"), null, false)).toEqual([]);
  expect(names(again, new Map([...own("1_a"), ["R_view", "old"]]), null, false)).toEqual(["R_view"]);
  expect(names(again, new Map(), goose({ 1: null }), false)).toEqual(["R_view"]);
  expect(names(again, new Map(), goose({ 1: null, R: "6" }), false)).toEqual(["R_view"]);
  expect(names(again, new Map(), goose({ 1: null, R: "7" }), false)).toEqual([]);
  expect(names([again[1]!, ...files], own("1_a"), null, false)).toEqual(["R_view", "2_b", "3_c"]);
});
