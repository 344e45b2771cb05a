import type { CodeBase } from "../code-base.ts";
import type { Unresolved } from "../routes/route.ts";
import { builderReferences } from "./builder-references.ts";
import { findModels, modelReferences } from "./model-references.ts";
import { sqlReferences } from "./sql-references.ts";
import type { TableReference } from "./table-reference.ts";

/** Finds what reads or writes tables (their names without schemas). Only files that say one of them, or of a model of one, are parsed. */
export async function readReferences(
  code: CodeBase,
  tables: ReadonlySet<string>,
): Promise<{ references: TableReference[]; unresolved: Unresolved[] }> {
  const references: TableReference[] = [];
  const unresolved: Unresolved[] = [];
  if (tables.size === 0) return { references, unresolved };
  const models = findModels(code, tables);
  const names = [...tables, ...models.map(({ name }) => name)];
  const words = names.map((word) => word.replace(/[^\w]/g, "\\$&"));
  const said = new RegExp(`(?<![\\w$])(?:${words.join("|")})(?![\\w$])`);
  for (const file of code.sources.code) {
    const text = code.sources.text(file);
    const source =
      text !== null && names.some((name) => text.includes(name)) && said.test(text) ? code.sources.parse(file) : null;
    if (!source) continue;
    references.push(...builderReferences(code, source, tables), ...modelReferences(code, source, models));
    const sql = await sqlReferences(source, tables);
    references.push(...sql.references);
    unresolved.push(...sql.unresolved);
  }
  return { references, unresolved };
}
