import type { CheckedFile } from "@change-mgmt/analysis/check/report.ts";

/** What the formats for machines say of a report. */
export interface FilesWithFindings {
  readonly files: readonly (Pick<CheckedFile, "path" | "findings" | "waived"> & {
    /** Where what is allowed is written: in the file itself unless said. */
    readonly waivers?: "inSource" | "external";
  })[];
}
