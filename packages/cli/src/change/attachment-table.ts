import { sizeInWords } from "@change-mgmt/domain/change/attachment.ts";
import type { Page } from "../output/page.ts";
import { table } from "../output/table.ts";
import { ago } from "../output/times.ts";
import type { Attachment } from "./change-types.ts";

/** Attachments with what tells them apart; those that were removed say by whom. */
export function attachmentTable(attachments: readonly Attachment[], page: Page): Promise<string[]> {
  return table(
    attachments,
    [
      { title: "id", cell: (row) => row.id },
      { title: "name", cell: (row) => row.name, gives: true },
      { title: "type", cell: (row) => row.type },
      { title: "size", cell: (row) => sizeInWords(row.size) },
      { title: "sha-256", cell: (row) => row.sha256.slice(0, 12) },
      { title: "by", cell: (row) => row.by },
      { title: "when", cell: (row) => ago(row.at, page.now) },
      { title: "", cell: (row) => (row.removed ? `removed by ${row.removed.by}` : row.steps.join(", ")) },
    ],
    page,
  );
}
