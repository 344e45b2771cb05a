import { Report } from "@change-mgmt/api/changes.ts";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import { newId } from "../../storage/ids.ts";

const Input = Report.extend({ id: z.string() });

/** Keeps what a test run or validation found for a content of a change; a failed one closes the validation gate. */
export const submitReport = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "report.submit",
  permission: "report.submit",
  input: Input,
  async run(
    { tx, change, actor, now, reload },
    { kind, commit, passed, failed, summary, contentHash = change.contentHash },
  ) {
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
