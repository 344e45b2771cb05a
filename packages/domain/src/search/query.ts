import { runsOf } from "./words.ts";

/** Words that follow each other. `open` says that the last of them may go on: `prefer` stands for `preferences` too. */
export interface Sequence {
  readonly words: readonly string[];
  readonly open: boolean;
}

/** One thing that is looked for, or with `negated` must not be there: any of its sequences will do. */
export interface Term {
  readonly negated: boolean;
  readonly alternatives: readonly Sequence[];
}

/** How many things, and words of one, are looked for; further ones are not looked at. */
const MOST = 16;
const THING = /(-*)(?:"([^"]*)(?:"|$)|([^\s"]+))/gu;

/**
 * What a person typed into a search field. Several words must all be there, each at least as the beginning of a word; "words in quotes"
 * as they stand; `-word` must not be there. A number is looked for whole. Anything can be typed: what has no word in it asks for nothing.
 */
export function readQuery(text: string): readonly Term[] {
  const terms: Term[] = [];
  for (const [, minus, quoted, bare] of text.replaceAll(/[“”„«»]/gu, '"').matchAll(THING)) {
    const runs = [...runsOf(quoted ?? bare!)].slice(0, MOST);
    if (runs.length === 0) continue;
    const wholes = runs.map((run) => run.text);
    const pieces = runs.flatMap((run) => run.pieces.map((piece) => piece.text)).slice(0, MOST);
    const open = quoted === undefined && !/^\p{N}+$/u.test(pieces.at(-1)!);
    const alternatives = [{ words: wholes, open }];
    if (pieces.join(" ") !== wholes.join(" ")) alternatives.push({ words: pieces, open });
    terms.push({ negated: minus !== "", alternatives });
    if (terms.length === MOST) break;
  }
  return terms;
}
