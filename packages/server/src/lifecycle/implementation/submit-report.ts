import { Report } from "@change-mgmt/api/changes.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { testKinds } from "@change-mgmt/domain/lifecycle/implementation/tests-due.ts";
import { suggest } from "@change-mgmt/domain/process/suggestion.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import { newId } from "../../storage/ids.ts";

/** What can be handed in whatever the process: tests of no particular kind, a validation done elsewhere, coverage. */
const REPORTS = ["tests", "validation", "coverage"];

const Input = Report.extend({ id: z.string() });

/** Keeps what a test run or validation found for a content of a change; a failed one closes the validation gate. */
export const submitReport = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "report.submit",
  permission: "report.submit",
  input: Input,
  async run(
    { tx, change, process, actor, now, reload },
    { kind, commit, passed, failed, summary, contentHash = change.contentHash },
  ) {
    const kinds = [...new Set([...REPORTS, ...testKinds(process)])];
    if (!kinds.includes(kind)) {
      return refuse("REPORT_KIND_UNKNOWN", `The process knows no report of kind "${kind}".`, suggest(kind, kinds), {
        place: { pointer: "/kind" },
      });
    }
    await tx
      .insertInto("validation_reports")
      .values({
        id: newId(),
        change_id: change.id,
        content_hash: contentHash,
        kind,
        commit_id: commit,
        passed,
        failed,
        summary: summary ?? null,
        reported_by: actor.handle,
        created_at: now,
      })
      .execute();
    await reload();
    const details = { kind, commit, passed, failed, summary: summary ?? null, contentHash };
    const validation = {
      tests_passed: passed,
      tests_failed: failed,
      performance_impact: "not measured",
      security_review: "not done",
    };
    return accept({ change, events: [{ type: "report.submitted", details, validation }], value: { id: change.id } });
  },
});
