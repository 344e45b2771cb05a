import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Draft } from "../alteration.ts";
import { list } from "../field-list.ts";
import { sqlName } from "../identifiers.ts";

export function publicationSql({ name, fields }: SchemaObject): string {
  const objects = publicationObjects(fields);
  const target = fields.allTables === true ? " FOR ALL TABLES" : objects === "" ? "" : ` FOR ${objects}`;
  return `CREATE PUBLICATION ${sqlName(name)}${target} WITH (${publicationOptions(fields)});`;
}

function publicationObjects(fields: SchemaObject["fields"]): string {
  const tables = list(fields.tables).map((table) => `TABLE ONLY ${table}`);
  const schemas = list(fields.schemas).map((schema) => `TABLES IN SCHEMA ${schema}`);
  return [...tables, ...schemas].join(", ");
}

function publicationOptions(fields: SchemaObject["fields"]): string {
  return `publish = '${list(fields.operations).join(", ")}', publish_via_partition_root = ${fields.viaRoot === true}`;
}

export function alterPublication(before: SchemaObject, after: SchemaObject, changed: ReadonlySet<string>): Draft[] {
  const name = sqlName(after.name);
  const drafts: Draft[] = [];
  if (changed.has("tables") || changed.has("schemas")) {
    const [was, is] = [publicationObjects(before.fields), publicationObjects(after.fields)];
    const sql =
      is === ""
        ? `ALTER PUBLICATION ${name} DROP ${was.replace(/(TABLE ONLY (?:[^(,\s"]|"(?:[^"]|"")*")+)[^,]*/g, "$1")};`
        : `ALTER PUBLICATION ${name} SET ${is};`;
    drafts.push({ sql, does: "changes what is published" });
  }
  if (changed.has("operations") || changed.has("viaRoot")) {
    drafts.push({
      sql: `ALTER PUBLICATION ${name} SET (${publicationOptions(after.fields)});`,
      does: "changes how it is published",
    });
  }
  return drafts;
}
