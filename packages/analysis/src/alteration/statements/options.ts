import type { FieldValue } from "@change-mgmt/domain/schema/model.ts";
import { list } from "../field-list.ts";

/** Options such as `fillfactor=70` as WITH and SET take them. */
export function relationOptions(options: FieldValue | undefined): string {
  return list(options)
    .map((option) => {
      const at = option.indexOf("=");
      return `${option.slice(0, at)} = '${option.slice(at + 1).replaceAll("'", "''")}'`;
    })
    .join(", ");
}

/** SET and RESET that lead from one list of options to another. */
export function changeOptions(before: FieldValue | undefined, after: FieldValue | undefined): string[] {
  const name = (option: string) => option.slice(0, option.indexOf("="));
  const set = list(after).filter((option) => !list(before).includes(option));
  const kept = list(after).map(name);
  const gone = list(before)
    .map(name)
    .filter((one) => !kept.includes(one));
  return [
    ...(set.length > 0 ? [`SET (${relationOptions(set)})`] : []),
    ...(gone.length > 0 ? [`RESET (${gone.join(", ")})`] : []),
  ];
}
