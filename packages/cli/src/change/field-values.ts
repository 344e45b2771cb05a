import type { Process } from "@change-mgmt/domain/process/process.ts";
import type { Context } from "../context.ts";
import { Stop, usage } from "../stop.ts";

/** A form field as far as the command line needs it. */
export type FormField = Pick<Process["form"]["fields"][number], "id" | "kind" | "values">;

/** A field as it was typed; `values` has several members when it was given several times. */
export interface TypedField {
  readonly id: string;
  readonly values: readonly string[];
}

/** `--field key=value` options, gathered by key. */
export function readFieldOptions(options: readonly string[]): TypedField[] {
  const fields = new Map<string, string[]>();
  for (const option of options) {
    const at = option.indexOf("=");
    if (at < 1)
      throw usage(`--field=${option} names no field.`, `Write --field=key=value, such as --field=priority=high.`);
    const id = option.slice(0, at).trim();
    fields.set(id, [...(fields.get(id) ?? []), option.slice(at + 1)]);
  }
  return [...fields].map(([id, values]) => ({ id, values }));
}

/** The form of a process; of the default one when none is named. Undefined when the server does not know it: creating then says so. */
export async function fetchForm(
  context: Context,
  process: string | undefined,
): Promise<readonly FormField[] | undefined> {
  try {
    const name = process ?? (await context.client("config.get")).process;
    const found = await context.client("processes.get", { params: { name } });
    return (found.process as unknown as Process).form.fields;
  } catch (error) {
    if (error instanceof Stop || !(error instanceof Error) || error.name !== "ProblemError") throw error;
    return undefined;
  }
}

/** Values of the kind each field has in the form. A field the form does not know is sent as typed, for the server to judge. */
export function fieldValues(
  typed: readonly TypedField[],
  form: readonly FormField[] | undefined,
): Record<string, unknown> {
  return Object.fromEntries(
    typed.map(({ id, values }) => [id, fieldValue(id, values, form?.find((field) => field.id === id)?.kind)]),
  );
}

function fieldValue(id: string, values: readonly string[], kind: FormField["kind"] | undefined): unknown {
  const [value = ""] = values;
  if (kind === "list") return values;
  if (kind === "users" || kind === "components")
    return values
      .flatMap((text) => text.split(","))
      .map((text) => text.trim())
      .filter(Boolean);
  if (values.length > 1) {
    if (kind === undefined) return values;
    throw usage(`The field "${id}" takes one value and was given ${values.length}.`, "Give it once.");
  }
  if (kind === "boolean") return booleanValue(id, value);
  if (kind === "number") return numberValue(id, value);
  return value;
}

function booleanValue(id: string, text: string): boolean {
  if (/^(true|yes|1)$/i.test(text)) return true;
  if (/^(false|no|0)$/i.test(text)) return false;
  throw usage(`The field "${id}" is yes or no, not "${text}".`, `Write --field=${id}=yes or --field=${id}=no.`);
}

function numberValue(id: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw usage(`The field "${id}" is a number, not "${text}".`, `Write --field=${id}=1.`);
}
