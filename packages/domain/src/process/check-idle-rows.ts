import type { Problem } from "../change/refusal.ts";
import { tablesOf } from "./check-tables.ts";
import { isShadowed } from "./coverage.ts";
import { problem } from "./problem.ts";
import type { Process } from "./process.ts";

/** Rows of collecting tables that never answer alone: without them the table would still say something everywhere, and less. */
export function checkIdleRows(process: Process): readonly Problem[] {
  return tablesOf(process)
    .filter((table) => table.hit === "collect")
    .flatMap((table) =>
      table.rows
        .filter((row) => isShadowed(row, table, process.dimensions))
        .map((row) =>
          problem(
            "ROW_UNMISSED",
            `Wherever row ${row.id} of table ${table.id} answers, others do as well, so nobody would notice that it is gone.`,
            "Give it a table of its own, with a row for the other cases; tables add up.",
            row.place,
          ),
        ),
    );
}
