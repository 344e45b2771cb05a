/** A word as it is compared: lower case, without accents and underscores. Offsets are UTF-16 code units of the text it stands in. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What is written without a gap, such as `user_preferences`: the whole of it, and the words it is made of. */
export interface Run extends Word {
  readonly pieces: readonly Word[];
}

/** Characters of a word that count; those after them are not compared. */
const LONGEST = 100;
const RUN = /[\p{L}\p{N}\p{M}_]+/gu;
/** Scripts that leave no gap between words: each sign counts as one. */
const SIGN = "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}]";
const SEAM = new RegExp(
  `_+|(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})|(?=${SIGN})|(?<=${SIGN})(?!\\p{M})`,
  "gu",
);

/** The runs of a text in their order, one at a time: `addUser("user_name")` is `adduser` (add, user) and `username` (user, name). */
export function* runsOf(text: string): Generator<Run> {
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const whole = folded(run);
    if (whole === "") continue;
    yield { text: whole, start: index, end: index + run.length, pieces: [...piecesOf(run, index)] };
  }
}

function* piecesOf(run: string, at: number): Generator<Word> {
  let from = 0;
  for (const { 0: seam, index } of [...run.matchAll(SEAM), { 0: "", index: run.length }]) {
    const text = folded(run.slice(from, index));
    if (text !== "") yield { text, start: at + from, end: at + index };
    from = index + seam.length;
  }
}

function folded(text: string): string {
  return text
    .slice(0, LONGEST)
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}
