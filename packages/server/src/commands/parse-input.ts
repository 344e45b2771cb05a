import { accept, type Outcome, type Problem, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { z } from "zod";

/** Parses a command's input; refuses with INPUT_INVALID and every problem at once, each with its JSON pointer. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): Outcome<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return accept(parsed.data);
  const problems = parsed.error.issues.map(
    (issue): Problem => ({
      code: issue.code.toUpperCase(),
      message: issue.message,
      place: {
        pointer: `/${issue.path.map((part) => String(part).replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`,
      },
    }),
  );
  return refuse(
    "INPUT_INVALID",
    `The input has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}: ${problems.map(({ place, message }) => `${place?.pointer}: ${message}`).join("; ")}`,
    "Correct what is named.",
    { problems },
  );
}
