import type { CallOutput } from "@change-mgmt/api/client.ts";
import type { Page } from "../output/page.ts";
import { table } from "../output/table.ts";
import { usage } from "../stop.ts";

/** Who votes for whom, one line each. */
export function delegationTable(items: CallOutput<"delegations.list">["items"], page: Page): ReturnType<typeof table> {
  return table(
    items,
    [
      { title: "id", cell: (row) => row.id },
      { title: "votes of", cell: (row) => row.person },
      { title: "by", cell: (row) => row.delegate },
      { title: "from", cell: (row) => row.from },
      { title: "until", cell: (row) => (row.endedAt === null ? row.until : `${row.endedAt} (ended)`) },
      { title: "why", cell: (row) => row.reason ?? "", gives: true },
    ],
    page,
  );
}

/** A moment from what was typed: RFC 3339, or a day of one's own zone, which as an end belongs to it. */
export function momentOf(option: string, typed: string, isEnd: boolean): string {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(typed);
  const at = day
    ? new Date(Number(day[1]), Number(day[2]) - 1, Number(day[3]) + (isEnd ? 1 : 0))
    : new Date(/T.*(Z|[+-]\d{2}:\d{2})$/.test(typed) ? typed : Number.NaN);
  if (Number.isNaN(at.getTime())) {
    throw usage(`--${option}=${typed} is no moment.`, "Give a day such as 2026-12-24, or 2026-12-24T12:00:00+01:00.");
  }
  return at.toISOString();
}
