import type { Change } from "../../change/change.ts";
import type { ReportFact, Situation } from "../../change/situation.ts";
import type { ValidationCheck, Verdict } from "./check.ts";

/** The newest report of a kind on the content as it is now; of two from one moment the later in the list. */
export function latestReport(change: Change, situation: Situation, kind: string): ReportFact | undefined {
  return situation.reports
    .filter((report) => report.kind === kind && report.contentHash === change.contentHash)
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .at(-1);
}

/** One check per kind of report that was ever handed in: it counts for the content it is about, and only when something was run. */
export function reportChecks(change: Change, situation: Situation): ValidationCheck[] {
  const kinds = [...new Set(situation.reports.map((report) => report.kind))].sort();
  return kinds.map((kind) => ({
    id: `report:${kind}`,
    title: `The report on ${kind} is for this content and without failures`,
    ...judgeReport(kind, latestReport(change, situation, kind)),
  }));
}

function judgeReport(kind: string, report: ReportFact | undefined): Verdict {
  if (report === undefined) {
    return {
      result: "inconclusive",
      message: `The report on ${kind} is about another content of the change.`,
      hint: `Run ${kind} again and hand in the report.`,
    };
  }
  const { passed, failed } = report;
  if (failed > 0) {
    return {
      result: "failed",
      message: `${failed} failed, ${passed} passed.`,
      hint: "Mend what failed and hand in a new report.",
    };
  }
  if (passed === 0) {
    return {
      result: "inconclusive",
      message: `The report on ${kind} says that nothing was run.`,
      hint: `Run ${kind} and hand in the report.`,
    };
  }
  return { result: "passed", message: `${passed} passed.` };
}
