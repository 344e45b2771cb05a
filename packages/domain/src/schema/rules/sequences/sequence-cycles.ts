import type { ActionThat } from "../actions.ts";
import { shown } from "../migration.ts";
import { defineRule, type Found } from "../rule.ts";

export const sequenceCycles = defineRule({
  id: "sequence-cycles",
  subject: "sequences",
  severity: "warning",
  title: "A sequence that goes round",
  why: "After its last number it begins again and gives out numbers that are taken.",
  instead: "NO CYCLE, and bigint.",
  bad: [{ sql: "CREATE SEQUENCE numbers CYCLE" }],
  good: [{ sql: "CREATE SEQUENCE numbers NO CYCLE" }],
  on: { create_sequence: goesRound, alter_sequence: goesRound },
});

function goesRound({ sequence, options }: ActionThat<"create_sequence" | "alter_sequence">): Found | null {
  return options.cycle ? { message: `${shown(sequence)} gives out its numbers a second time after the last` } : null;
}
