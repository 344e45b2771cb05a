import type { Problem } from "@change-mgmt/domain/change/refusal.ts";
import type { z } from "zod";
import { nearestName } from "./nearest-name.ts";
import type { AllowedMembers } from "./strict-schema.ts";

type Issue = z.core.$ZodIssue & Partial<AllowedMembers>;

/** What a schema found wrong, in words, each with a JSON pointer that begins with `prefix` ("" for the body, "/query"). */
export function problemsOf(issues: readonly Issue[], prefix: string): Problem[] {
  return issues.flatMap((issue) => {
    const pointer = prefix + pointerOf(issue.path);
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownMember(key, pointer, issue));
    return [oneProblem(issue, pointer)];
  });
}

/** RFC 6901 pointer to a path. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function unknownMember(key: string, pointer: string, issue: Issue): Problem {
  const allowed = issue.allowedMembers ?? [];
  const nearest = nearestName(key, allowed);
  return {
    code: "UNKNOWN_MEMBER",
    message: `${quote(key)} is not known here.`,
    place: { pointer: pointer + pointerOf([key]) },
    hint: nearest
      ? `Did you mean ${quote(nearest)}?`
      : allowed.length === 0
        ? "Leave it out; nothing is taken here."
        : `Known here: ${allowed.join(", ")}.`,
  };
}

function oneProblem(issue: Issue, pointer: string): Problem {
  const place = { pointer };
  const name = issue.path.length === 0 ? "The value" : quote(String(issue.path.at(-1)));
  const say = (code: string, message: string, hint: string): Problem => ({ code, message, place, hint });
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? say("MISSING", `${name} is missing.`, `Give it: ${expected(issue.expected)}.`)
        : say("WRONG_TYPE", `${name} is not ${expected(issue.expected)}.`, `Send ${expected(issue.expected)} here.`);
    case "invalid_value": {
      const values = issue.values.map(String);
      if (issue.input === undefined) return say("MISSING", `${name} is missing.`, `Give one of: ${values.join(", ")}.`);
      const nearest = typeof issue.input === "string" ? nearestName(issue.input, values) : undefined;
      const meant = nearest ? `Did you mean ${quote(nearest)}? ` : "";
      return say("NOT_ONE_OF", `${name} has a value that is not known here.`, `${meant}One of: ${values.join(", ")}.`);
    }
    case "invalid_union": {
      const values = ("options" in issue && Array.isArray(issue.options) ? issue.options : []).map(String);
      const hint = values.length > 0 ? `One of: ${values.join(", ")}.` : "See the API description for what fits here.";
      return say("NOT_ONE_OF", `${name} fits none of the forms that are known here.`, hint);
    }
    case "too_small":
      return say("TOO_SMALL", `${name} is too small or too short.`, bound("at least", issue.minimum, issue.origin));
    case "too_big":
      return say("TOO_LARGE", `${name} is too large or too long.`, bound("at most", issue.maximum, issue.origin));
    default:
      return say("BAD_FORMAT", `${name} is not in the form that is needed.`, sentence(issue.message));
  }
}

function expected(type: string): string {
  if (type === "int") return "a whole number";
  if (type === "record") return "an object";
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}

function bound(words: string, limit: number | bigint, origin: string): string {
  const unit = origin === "string" ? " characters" : origin === "array" || origin === "set" ? " items" : "";
  return `It takes ${words} ${limit}${unit}.`;
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

function quote(name: string): string {
  return `"${name.length > 60 ? `${name.slice(0, 60)}…` : name}"`;
}
