import type { FieldValues } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, type Problem, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { FormField, Process } from "@change-mgmt/domain/process/process.ts";
import { suggest } from "@change-mgmt/domain/process/suggestion.ts";
import { CsvError, parse } from "csv-parse/sync";
import type { RequestFile } from "./request-file.ts";
import { isSameName } from "./said.ts";
import { fieldValue, type KnownWords } from "./values.ts";

interface CsvRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads one change request from each row of a CSV file; the first row names fields by id or title, a list's members stand between
 * semicolons. Refused as CHANGE_FILE_INVALID where it is no CSV, has no rows or names a column twice; a column that no field has is a
 * problem of every row.
 */
export function readCsvRequests(
  text: string,
  name: string,
  process: Process,
  known: KnownWords,
): Outcome<readonly RequestFile[]> {
  const rows = rowsOf(text, name);
  if (!rows.ok) return rows;
  const [head, ...others] = rows.value;
  if (head === undefined || others.length === 0)
    return invalid(
      "It has no rows.",
      "Name the fields in the first row, and write one change in each that follows.",
      name,
      1,
    );
  const fields = head.record.map((title) =>
    process.form.fields.find((field) => field.id === title.trim() || isSameName(field.title, title)),
  );
  const twice = fields.findIndex((field, at) => field !== undefined && fields.indexOf(field) !== at);
  if (twice >= 0)
    return invalid(`Two columns are ${fields[twice]!.title}.`, "Leave one of them out.", name, 1, twice + 1);
  const strangers: Problem[] = head.record.flatMap((title, column) =>
    fields[column] === undefined
      ? [
          {
            code: "FIELD_UNKNOWN",
            message: `The form has no field "${title}".`,
            hint: suggest(
              title,
              process.form.fields.map((field) => field.id),
            ),
            place: { file: name, line: 1, column: column + 1 },
          },
        ]
      : [],
  );
  return accept(others.map((row) => requestOf(row, fields, strangers, process, known, name)));
}

function rowsOf(text: string, name: string): Outcome<readonly CsvRow[]> {
  try {
    return accept(
      parse(text, {
        info: true,
        bom: true,
        skip_empty_lines: true,
        delimiter: delimiterOf(text),
      }) as unknown as readonly CsvRow[],
    );
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === "number" ? error.lines : 1;
    return invalid(error.message, "Correct the line; a text with commas or quotes stands in quotes.", name, line);
  }
}

/** Spreadsheets write semicolons where the comma is the decimal sign; whichever the first line has more of. */
function delimiterOf(text: string): string {
  const [head = ""] = text.split(/\r?\n/, 1);
  const count = (sign: string) => head.split(sign).length;
  return [",", ";", "\t"].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

function requestOf(
  { record, info }: CsvRow,
  fields: readonly (FormField | undefined)[],
  strangers: readonly Problem[],
  process: Process,
  known: KnownWords,
  name: string,
): RequestFile {
  const values: Record<string, unknown> = {};
  const problems: Problem[] = [...strangers];
  for (const [column, field] of fields.entries()) {
    const text = record[column] ?? "";
    if (field === undefined || text.trim() === "") continue;
    const value = fieldValue(field, text, process, known);
    const place = { file: name, line: info.lines, column: column + 1, pointer: `/fields/${field.id}` };
    if (!value.ok) problems.push({ ...value.refusal, place });
    else if (value.value !== undefined) values[field.id] = value.value;
  }
  return { fields: values as FieldValues, artifacts: [], remarks: [], problems };
}

function invalid(message: string, hint: string, file: string, line: number, column = 1): Outcome<never> {
  return refuse("CHANGE_FILE_INVALID", `${file}:${line}: ${message}`, hint, { place: { file, line, column } });
}
