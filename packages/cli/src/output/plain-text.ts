import { stripVTControlCharacters } from "node:util";

/** As nearly all texts are. */
const HARMLESS = /^[\t\n -~]*$/;

/** Text without escape sequences, control characters and direction overrides; line feeds and tabs stay, other line ends are spaces. */
export function plainText(text: string): string {
  if (HARMLESS.test(text)) return text;
  let plain = "";
  for (const character of stripVTControlCharacters(text)) {
    if (character === "\u2028" || character === "\u2029") plain += " ";
    else if (mayPass(character.codePointAt(0)!)) plain += character;
  }
  return plain;
}

/** The same value with every text in it made plain, so that nobody's title can drive the reader's terminal. */
export function plain<T>(value: T): T {
  if (typeof value === "string") return plainText(value) as T;
  if (Array.isArray(value)) return value.map(plain) as T;
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [plainText(key), plain(one)])) as T;
  return value;
}

/** Text on one line. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function mayPass(code: number): boolean {
  if (code === 9 || code === 10) return true;
  if (code < 32 || (code >= 0x7f && code <= 0x9f)) return false;
  return !(code >= 0x202a && code <= 0x202e) && !(code >= 0x2066 && code <= 0x2069);
}
