import type { CheckFinding } from "@change-mgmt/analysis/check/report.ts";

/** What was found and what to do about it, as sentences in one line. */
export function sentence({ message, hint }: Pick<CheckFinding, "message" | "hint">): string {
  const ended = /[.!?:]$/.test(message) ? message : `${message}.`;
  return hint === "" ? ended : `${ended} ${hint}`;
}
