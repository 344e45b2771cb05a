import parser, { type ScanToken } from "libpg-query";

/** The text of each item of a list in a statement, and what follows the list; see `clauseTexts`. */
export interface Clauses {
  /** Texts by the word that begins the clause, lower case. */
  readonly texts: ReadonlyMap<string, string>;
  /** Items of a clause, divided at commas outside all brackets. */
  items(word: string): string[];
}

/** Divides a statement at words that stand outside all brackets; the FROM of IS DISTINCT FROM is none. */
export function clauseTexts(statement: string, words: readonly string[]): Clauses {
  const bytes = Buffer.from(statement);
  const tokens = parser.scanSync(statement).tokens.filter(({ tokenName }) => !/COMMENT/.test(tokenName));
  const texts = new Map<string, string>();
  const items = new Map<string, string[]>();
  let open: { word: string; from: number; commas: number[] } | null = null;
  const close = (end: number) => {
    if (open === null || texts.has(open.word)) return;
    texts.set(open.word, bytes.subarray(open.from, end).toString().trim());
    const bounds = [open.from, ...open.commas.flatMap((at) => [at, at + 1]), end];
    const parts: string[] = [];
    for (let at = 0; at < bounds.length; at += 2)
      parts.push(
        bytes
          .subarray(bounds[at], bounds[at + 1])
          .toString()
          .trim(),
      );
    items.set(open.word, parts);
  };
  let depth = 0;
  let before: ScanToken | undefined;
  for (const token of tokens) {
    if (token.text === "(" || token.text === "[") depth++;
    else if (token.text === ")" || token.text === "]") depth--;
    else if (depth === 0 && token.text === "," && open !== null) open.commas.push(token.start);
    else if (depth === 0 && token.keywordName !== "NO_KEYWORD") {
      const word = token.text.toLowerCase();
      if (words.includes(word) && before?.text.toLowerCase() !== "distinct") {
        close(token.start);
        open = { word, from: token.end, commas: [] };
      }
    }
    before = token;
  }
  close(bytes.length);
  return { texts, items: (word) => items.get(word) ?? [] };
}
