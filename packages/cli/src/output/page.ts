import picocolors from "picocolors";
import type { Io } from "../io.ts";

export type Colours = ReturnType<typeof picocolors.createColors>;

/** Marks of the terminal pages, with their ASCII stand-ins. */
export interface Signs {
  readonly yes: string;
  readonly no: string;
  readonly open: string;
  readonly waiting: string;
  readonly dot: string;
  readonly arrow: string;
  readonly branch: string;
  readonly lastBranch: string;
  readonly trunk: string;
  readonly ellipsis: string;
}

/** What a page may use: colours or none, signs the terminal can show, its width, and the time ages are counted from. */
export interface Page {
  readonly colours: Colours;
  readonly signs: Signs;
  /** Undefined when stdout is no terminal: lines are then never cut. */
  readonly columns: number | undefined;
  readonly now: Date;
}

const UNICODE: Signs = {
  yes: "✓",
  no: "✗",
  open: "○",
  waiting: "◔",
  dot: "·",
  arrow: "→",
  branch: "├─ ",
  lastBranch: "└─ ",
  trunk: "│  ",
  ellipsis: "…",
};

const ASCII: Signs = {
  yes: "+",
  no: "x",
  open: "o",
  waiting: "~",
  dot: "-",
  arrow: "->",
  branch: "|- ",
  lastBranch: "`- ",
  trunk: "|  ",
  ellipsis: "...",
};

/** The page for one of the two outputs: colours only on a terminal and without NO_COLOR, Unicode only in a UTF-8 locale. */
export function pageOf(io: Pick<Io, "env" | "now">, sink: Io["stdout"]): Page {
  const { env } = io;
  const terminal = sink.isTTY === true;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  return {
    colours: picocolors.createColors(terminal && !env.NO_COLOR && env.TERM !== "dumb"),
    signs: /utf-?8/i.test(locale) ? UNICODE : ASCII,
    columns: terminal ? sink.columns || 80 : undefined,
    now: io.now(),
  };
}
