import type { ActionThat } from "../actions.ts";
import { shown } from "../migration.ts";
import { defineRule, type Found } from "../rule.ts";

export const sequenceRunsOut = defineRule({
  id: "sequence-runs-out",
  subject: "sequences",
  severity: "warning",
  title: "A sequence that ends early",
  why: "AS integer and AS smallint, or a low MAXVALUE, end it long before bigint would: then nextval fails, and every insert with it.",
  instead: "Leave AS and MAXVALUE out: a sequence is bigint by itself.",
  bad: [
    { sql: "CREATE SEQUENCE numbers AS integer" },
    { given: "CREATE SEQUENCE numbers", sql: "ALTER SEQUENCE numbers MAXVALUE 99999" },
  ],
  good: [
    { sql: "CREATE SEQUENCE numbers" },
    { given: "CREATE SEQUENCE numbers AS integer", sql: "ALTER SEQUENCE numbers AS bigint" },
    {
      sql: "CREATE SEQUENCE turn MAXVALUE 10 CYCLE",
      note: "One that goes round does not run out; that has a rule of its own.",
    },
  ],
  on: { create_sequence: endsEarly, alter_sequence: endsEarly },
});

const MOST_INTEGER = 2_147_483_647;

function endsEarly({ sequence, options }: ActionThat<"create_sequence" | "alter_sequence">): Found | null {
  if (options.cycle) return null;
  if (options.as === "integer" || options.as === "smallint")
    return { message: `${shown(sequence)} is ${options.as} and ends where that ends` };
  return options.maxValue !== null && options.maxValue <= MOST_INTEGER
    ? { message: `${shown(sequence)} ends at ${options.maxValue}` }
    : null;
}
