import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Process } from "@change-mgmt/domain/process/process.ts";
import { expect, test } from "vitest";
import { parseDocument, visit } from "yaml";
import { runCases } from "./cases.ts";
import { loadProcess } from "./process-file.ts";

const root = resolve(import.meta.dirname, "../../../../processes");
const names = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** Words of the engine, which mean the same in every process and are renamed by nobody. */
const ENGINE = /^(tests|type|environment|environments|lastEnvironment|artifact|deployed)$/;

/** The words that a process chooses for itself: its name, types, positions, boards, requirements, stages and steps. */
function ownWords(process: Process): readonly string[] {
  const { types, positions = [], boards = [], stages } = process;
  const chosen = [types, positions, boards, stages, stages.flatMap((stage) => stage.steps)];
  return [process.name, ...chosen.flatMap((list) => list.map(({ id }) => id))].filter((word) => !ENGINE.test(word));
}

/** Values of a process file or its cases that are such words, by the keys they stand under: everything else is left alone. */
const NAMED_BY = new Set(
  "name type owner id to obligations position positions board members chair veto escalateTo initialStage mayShare approval after steps stepsInclude stepsLeaveOut".split(
    " ",
  ),
);

/** A YAML text in which every one of the words has another name, wherever it stands for itself. */
function renamed(text: string, words: ReadonlySet<string>, another: (word: string) => string): string {
  const document = parseDocument(text);
  const rename = (value: unknown) => (typeof value === "string" && words.has(value) ? another(value) : value);
  visit(document, {
    Scalar(key, node, path) {
      if (typeof node.value !== "string") return;
      const pairs = path.filter((one) => "key" in (one as object)) as { key: { value?: unknown } }[];
      const under = String(pairs.at(-1)?.key.value);
      const sections = pairs.map((pair) => String(pair.key.value));
      if (key === "key") {
        // The checklist of a case is by stage.
        if (sections.at(-2) === "checklist") node.value = rename(node.value);
        return;
      }
      if (under === "way") node.value = node.value.replace(/[^ :]+$/, (word) => String(rename(word)));
      else if (sections.at(-2) === "approvals" && sections.includes("expect"))
        node.value = node.value.replace(/^[^ ]+/, (word) => String(rename(word)));
      else if (sections.includes("checklist") || NAMED_BY.has(under)) node.value = rename(node.value);
    },
  });
  return String(document);
}

test.each(names)("%s means the same by any other words", async (name) => {
  const files = Object.fromEntries(
    ["process.yaml", "cases.yaml"].map((file) => [file, readFileSync(resolve(root, name, file), "utf8")]),
  );
  const loaded = await loadProcess({ files });
  if (!loaded.ok) throw new Error(loaded.refusal.message);
  const words = new Set(ownWords(loaded.value.process));
  const order = [...words];
  const another = (word: string) => `w${order.indexOf(word)}`;
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
