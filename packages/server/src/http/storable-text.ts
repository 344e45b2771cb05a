import type { Problem } from "@change-mgmt/domain/change/refusal.ts";
import { pointerOf } from "./input-problems.ts";

const DEEPEST = 100;
const MOST_PROBLEMS = 20;

/** Finds text that no database stores (U+0000, half a surrogate pair) and nesting beyond 100 levels, in names as in values. */
export function storageProblems(value: unknown, prefix: string): Problem[] {
  const problems: Problem[] = [];
  const path: string[] = [];
  const report = (code: string, message: string, hint: string) => {
    problems.push({ code, message, place: { pointer: prefix + pointerOf(path) }, hint });
  };
  const unstorable = () =>
    report(
      "TEXT_INVALID",
      "The text holds a character that cannot be stored.",
      "Take out U+0000 and halves of surrogate pairs.",
    );
  const visit = (part: unknown): void => {
    if (problems.length >= MOST_PROBLEMS) return;
    if (typeof part === "string") {
      if (!storable(part)) unstorable();
    } else if (typeof part === "object" && part !== null) {
      if (path.length >= DEEPEST) {
        report("TOO_DEEP", `The value is nested deeper than ${DEEPEST} levels.`, "Flatten it.");
        return;
      }
      for (const key of Object.keys(part)) {
        if (!storable(key)) unstorable();
        path.push(key);
        visit((part as Record<string, unknown>)[key]);
        path.pop();
      }
    }
  };
  visit(value);
  return problems;
}

function storable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}
