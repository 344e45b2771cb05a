import type { Problem } from "@change-mgmt/api/problem.ts";
import type { Refusal } from "@change-mgmt/domain/change/refusal.ts";

/** What is printed when a command does not succeed: a refusal of the server or of the command line itself. */
export type Trouble = Pick<Problem, "code" | "detail" | "hint" | "place" | "problems" | "details">;

/** Exit codes: 1 findings or refused, 2 wrong usage, 3 could not run, 130 interrupted. */
export type FailureCode = 1 | 2 | 3 | 130;

/** Ends a command with its trouble and exit code; thrown anywhere below `run`, printed only there. */
export class Stop extends Error {
  readonly trouble: Trouble;
  readonly exit: FailureCode;
  constructor(exit: FailureCode, trouble: Trouble) {
    super(trouble.detail);
    this.name = "Stop";
    this.exit = exit;
    this.trouble = trouble;
  }
}

/** Wrong usage: exit code 2. */
export function usage(detail: string, hint: string): Stop {
  return new Stop(2, { code: "USAGE", detail, hint });
}

/** A rule said no: exit code 1. */
export function refused({ message, ...refusal }: Refusal): Stop {
  return new Stop(1, { ...refusal, detail: message } as Trouble);
}

/** The command could not do its work at all: exit code 3. */
export function cannotRun(code: string, detail: string, hint: string, more: Partial<Trouble> = {}): Stop {
  return new Stop(3, { code, detail, hint, ...more });
}
