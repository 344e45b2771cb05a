import type { Place } from "@change-mgmt/domain/change/refusal.ts";

type Expected = "value" | "first-value" | "key" | "first-key" | "colon" | "object-next" | "array-next" | "end";

const WITHIN_STRING = String.raw`[^"\\\u0000-\u001f]*`;
const STRING = String.raw`"${WITHIN_STRING}(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})${WITHIN_STRING})*"`;
const SCALAR = String.raw`(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])`;
const TOKEN = new RegExp(String.raw`[ \t\r\n]*(?:([{}[\],:])|(${STRING})|${SCALAR})`, "y");

/** Beyond this many characters a broken text is refused without saying where. */
const LONGEST_SEARCHED = 1_000_000;

/**
 * Where a JSON text names a member for the second time in one object: readers differ in which of them they take. The text is one that
 * JSON.parse takes; character by character, as an expression would run out of stack on long texts.
 */
export function jsonTwicePlace(text: string): Place | undefined {
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "{") open.push(undefined);
    else if (character === "}") open.pop();
    if (character !== '"') continue;
    const end = endOfString(text, at);
    if (isFollowedByColon(text, end)) {
      const raw = text.slice(at, end);
      const key = raw.includes("\\") ? (JSON.parse(raw) as string) : raw.slice(1, -1);
      const known = open.pop() ?? new Set();
      if (known.has(key)) return placeOf(text, at);
      open.push(known.add(key));
    }
    at = end - 1;
  }
  return undefined;
}

/** The index after the quote that ends a string. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function isFollowedByColon(text: string, from: number): boolean {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at += 1;
  return text[at] === ":";
}

/** Where a JSON text breaks the grammar: 1-based line and column of the first wrong character; undefined when it does not. */
export function jsonErrorPlace(text: string): Place | undefined {
  if (text.length > LONGEST_SEARCHED) return undefined;
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let at = 0;
  while (true) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const token = match?.[1] ?? (match?.[2] === undefined ? "scalar" : "string");
    const next: Expected | undefined = match ? follow(expected, token, open) : undefined;
    if (next === undefined) break;
    expected = next;
    at = TOKEN.lastIndex;
  }
  const wrong = at + (/^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0);
  return expected === "end" && wrong === text.length ? undefined : placeOf(text, wrong);
}

/** What may come after `token` where `expected` is expected; undefined when the token may not stand there. */
function follow(expected: Expected, token: string, open: ("{" | "[")[]): Expected | undefined {
  const after = (): Expected => (open.length === 0 ? "end" : open.at(-1) === "{" ? "object-next" : "array-next");
  if (expected === "value" || expected === "first-value") {
    if (token === "{" || token === "[") {
      open.push(token);
      return token === "{" ? "first-key" : "first-value";
    }
    if (token === "string" || token === "scalar") return after();
  }
  const closes =
    (token === "}" && (expected === "first-key" || expected === "object-next")) ||
    (token === "]" && (expected === "first-value" || expected === "array-next"));
  if (closes) {
    open.pop();
    return after();
  }
  if ((expected === "key" || expected === "first-key") && token === "string") return "colon";
  if (expected === "colon" && token === ":") return "value";
  if (expected === "object-next" && token === ",") return "key";
  if (expected === "array-next" && token === ",") return "value";
  return undefined;
}

function placeOf(text: string, at: number): Place {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: at - lineStart + 1 };
}
