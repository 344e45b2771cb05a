import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { otherNames, ownWords, renamed } from "../testing/renamed-process.ts";
import { runCases } from "./cases.ts";
import { loadProcess } from "./process-file.ts";

const root = resolve(import.meta.dirname, "../../../../processes");
const names = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

test.each(names)("%s means the same by any other words", async (name) => {
  const files = Object.fromEntries(
    ["process.yaml", "cases.yaml"].map((file) => [file, readFileSync(resolve(root, name, file), "utf8")]),
  );
  const loaded = await loadProcess({ files });
  if (!loaded.ok) throw new Error(loaded.refusal.message);
  const words = new Set(ownWords(loaded.value.process));
  const another = otherNames([...words]);
  const other = Object.fromEntries(Object.entries(files).map(([file, text]) => [file, renamed(text, words, another)]));
  const again = await loadProcess({ files: other });
  if (!again.ok) throw new Error(again.refusal.message);
  expect(again.value.problems).toEqual([]);
  expect(ownWords(again.value.process).every((word) => /^w\d+$/.test(word))).toBe(true);
  const results = await runCases(again.value.process, { files: other });
  if (!results.ok) throw new Error(results.refusal.message);
  expect(results.value.filter((result) => !result.ok)).toEqual([]);
  expect(results.value.length).toBeGreaterThan(10);
});
