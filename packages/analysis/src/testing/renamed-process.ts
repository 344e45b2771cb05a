import type { Process } from "@change-mgmt/domain/process/process.ts";
import { parseDocument, visit } from "yaml";

/** Words of the engine, which mean the same in every process and are renamed by nobody. */
const ENGINE = /^(tests|type|environment|environments|lastEnvironment|artifact|deployed)$/;

/** The words that a process chooses for itself: its name, types, positions, boards, requirements, stages and steps. */
export function ownWords(process: Process): readonly string[] {
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
export function renamed(text: string, words: ReadonlySet<string>, another: (word: string) => string): string {
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

/** Another name for each of the words, which means nothing: w0, w1 and so on, after what it begins with. */
export function otherNames(words: readonly string[], before = "w"): (word: string) => string {
  const order = new Map(words.map((word, index) => [word, `${before}${index}`]));
  return (word) => order.get(word) ?? word;
}
