import type { AuditEntry } from "@change-mgmt/domain/audit/entry.ts";
import { answer, defineCommand } from "../../command.ts";
import { table } from "../../output/table.ts";
import { ago } from "../../output/times.ts";
import { listAll } from "../../pages.ts";
import { usage } from "../../stop.ts";

export const command = defineCommand({
  about: "The query itself is entered in the trail.",
  options: [
    { flags: "--change <change>", about: "only entries about this change" },
    { flags: "--user <handle>", about: "only what this person did" },
    { flags: "--event <event>", about: "only this event, such as change.approved" },
    { flags: "--from <time>", about: "from this time on (RFC 3339, or a date)" },
    { flags: "--to <time>", about: "before this time" },
    { flags: "--limit <n>", about: "how many at most, 1 to 1000 (100 when left out)" },
    { flags: "--cursor <cursor>", about: "go on where an earlier list stopped (nextCursor)" },
    { flags: "--all", about: "everything, page after page" },
  ],
  examples: ["change-mgmt audit list --change=CHG-12", "change-mgmt audit list --user=ada --from=2026-11-01 --json"],
  answers: "audit.list",
  parse: (given) => ({
    all: given.flag("all"),
    query: {
      change: given.text("change"),
      user: given.text("user"),
      event: given.text("event"),
      from: time("from", given.text("from")),
      to: time("to", given.text("to")),
      cursor: given.text("cursor"),
      limit: given.whole("limit", 1, 1000),
    },
  }),
  async run(context, { all, query }) {
    const { items, nextCursor } = await listAll(all, query, (asked) => context.client("audit.list", { query: asked }));
    return answer({ items, nextCursor }, async (clean, page) => {
      if (clean.items.length === 0) return ["No entries."];
      const rows = clean.items.map(({ seq, entry }) => ({ seq, entry: entry as Partial<AuditEntry> }));
      return [
        ...(await table(
          rows,
          [
            { title: "seq", cell: (row) => (row.seq === null ? "unsealed" : String(row.seq)) },
            { title: "when", cell: ({ entry }) => (entry.timestamp ? ago(entry.timestamp, page.now) : "") },
            { title: "who", cell: ({ entry }) => entry.actor?.handle ?? "" },
            { title: "event", cell: ({ entry }) => entry.event_type ?? "" },
            { title: "change", cell: ({ entry }) => entry.change_request_id ?? "" },
            { title: "outcome", cell: ({ entry }) => entry.outcome ?? "" },
            { title: "entry", cell: ({ entry }) => entry.audit_id ?? "" },
          ],
          page,
        )),
        ...(clean.nextCursor ? ["", page.colours.dim(`There are more: --all, or --cursor=${clean.nextCursor}`)] : []),
      ];
    });
  },
});

function time(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const value = new Date(text);
  if (!Number.isNaN(value.getTime())) return value.toISOString();
  throw usage(
    `--${option}=${text} is not a time.`,
    `Write --${option}=2026-11-21 or --${option}=2026-11-21T09:30:00Z.`,
  );
}
