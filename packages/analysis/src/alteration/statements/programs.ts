import { changedFields } from "@change-mgmt/domain/schema/fields.ts";
import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Draft } from "../alteration.ts";
import { list } from "../field-list.ts";
import { lastName, literal, quoted, sqlName } from "../identifiers.ts";
import { columnFacts } from "./column-facts.ts";
import { commentIfAny, commentOn, named } from "./comments.ts";
import { exclusive, share } from "./locks.ts";
import { on } from "./on-table.ts";
import { changeOptions, relationOptions } from "./options.ts";
import { alterPublication, publicationSql } from "./publications.ts";

const FIRES: Readonly<Record<string, string>> = {
  origin: "ENABLE",
  disabled: "DISABLE",
  replica: "ENABLE REPLICA",
  always: "ENABLE ALWAYS",
};

/** Makes a view, materialized view, routine, trigger, rule, policy, statistics, event trigger or publication. */
export function makeProgram(object: SchemaObject): Draft[] {
  const { fields } = object;
  const definition = `${String(fields.definition ?? "").replace(/;\s*$/, "")};`;
  const name = sqlName(object.name);
  switch (object.kind) {
    case "view":
      return [{ sql: viewSql(object, "CREATE"), does: "makes the view" }, ...viewComments(object)];
    case "materialized_view": {
      const options = fields.options === undefined ? "" : ` WITH (${relationOptions(fields.options)})`;
      const query = String(fields.definition).replace(/;\s*$/, "");
      const data = fields.unpopulated === true ? "WITH NO DATA" : "WITH DATA";
      return [
        { sql: `CREATE MATERIALIZED VIEW ${name}${options} AS\n${query}\n${data};`, does: "makes and fills the view" },
        ...viewComments(object),
      ];
    }
    case "function":
      return [{ sql: definition, does: "makes the routine" }, ...commentIfAny(object)];
    case "trigger":
    case "rule": {
      const enabled = fields.fires === "origin" ? [] : [fires(object)];
      const lock = share(object, object.kind === "trigger" ? "ShareRowExclusiveLock" : "AccessExclusiveLock");
      const sql = object.kind === "rule" ? definition : definition;
      return [{ sql, does: `makes the ${object.kind}`, lock }, ...enabled, ...commentIfAny(object)];
    }
    case "policy":
      return [
        {
          sql: `CREATE POLICY ${lastName(object.name)} ON ${on(object).sql} AS ${fields.permissive === true ? "PERMISSIVE" : "RESTRICTIVE"} FOR ${String(fields.command).toUpperCase()} ${policyParts(object)};`,
          does: "makes the policy",
          lock: exclusive(on(object).name),
        },
        ...commentIfAny(object),
      ];
    case "statistics":
      return [
        { sql: definition, does: "makes the statistics", lock: share(object, "ShareUpdateExclusiveLock") },
        ...(fields.target === undefined
          ? []
          : [{ sql: `ALTER STATISTICS ${name} SET STATISTICS ${fields.target};`, does: "says how much is gathered" }]),
        ...commentIfAny(object),
      ];
    case "event_trigger": {
      const tags = list(fields.tags).map(literal);
      const when = tags.length > 0 ? ` WHEN TAG IN (${tags.join(", ")})` : "";
      const sql = `CREATE EVENT TRIGGER ${name} ON ${fields.event}${when} EXECUTE FUNCTION ${fields.function};`;
      const enabled = fields.fires === "origin" ? [] : [fires(object)];
      return [{ sql, does: "makes the event trigger" }, ...enabled, ...commentIfAny(object)];
    }
    default:
      return [{ sql: publicationSql(object), does: "makes the publication" }, ...commentIfAny(object)];
  }
}

function viewSql({ name, fields }: SchemaObject, create: string): string {
  const options = fields.options === undefined ? "" : ` WITH (${relationOptions(fields.options)})`;
  return `${create} VIEW ${sqlName(name)}${options} AS\n${String(fields.definition).replace(/;\s*$/, "")};`;
}

function viewComments(view: SchemaObject): Draft[] {
  return [...commentIfAny(view), ...columnFacts(null, view)];
}

function fires(object: SchemaObject): Draft {
  const how = FIRES[String(object.fields.fires)]!;
  if (object.kind === "event_trigger") {
    return { sql: `ALTER EVENT TRIGGER ${sqlName(object.name)} ${how};`, does: "decides when it fires" };
  }
  return {
    sql: `ALTER TABLE ${object.kind === "trigger" ? "ONLY " : ""}${on(object).sql} ${how} ${object.kind.toUpperCase()} ${lastName(object.name)};`,
    does: "decides when it fires",
    lock: share(object, "ShareRowExclusiveLock"),
  };
}

/** How a trigger made by the statement on its parent fires, where that is out of the ordinary. */
export function firesIfUnusual(trigger: SchemaObject): Draft[] {
  return trigger.fields.fires === "origin" ? [] : [fires(trigger)];
}

function policyParts({ fields }: SchemaObject): string {
  const roles = list(fields.roles).map((role) => (role === "PUBLIC" ? role : quoted(role)));
  return [
    `TO ${roles.join(", ")}`,
    ...(fields.using === undefined ? [] : [`USING (${fields.using})`]),
    ...(fields.check === undefined ? [] : [`WITH CHECK (${fields.check})`]),
  ].join(" ");
}

/** Changes in place what can be changed so. */
export function alterProgram(before: SchemaObject, after: SchemaObject): Draft[] {
  const changed = changedFields(before, after);
  const { fields } = after;
  const name = sqlName(after.name);
  const drafts: Draft[] = [];
  switch (after.kind) {
    case "view":
      if (changed.has("definition") || changed.has("columns")) {
        const sql = viewSql(after, "CREATE OR REPLACE");
        drafts.push({ sql, does: "replaces the view", lock: exclusive(after.name) });
      } else if (changed.has("options")) drafts.push(...options());
      drafts.push(...columnFacts(before, after));
      break;
    case "materialized_view":
      if (changed.has("options")) drafts.push(...options());
      if (changed.has("unpopulated")) {
        const data = fields.unpopulated === true ? "WITH NO DATA" : "WITH DATA";
        drafts.push({
          sql: `REFRESH MATERIALIZED VIEW ${name} ${data};`,
          does: "fills or empties it",
          lock: exclusive(after.name),
        });
      }
      drafts.push(...columnFacts(before, after));
      break;
    case "function":
      if (changed.has("definition")) {
        drafts.push({ sql: `${String(fields.definition).replace(/;\s*$/, "")};`, does: "replaces the routine" });
      }
      break;
    case "policy":
      if (["roles", "using", "check"].some((field) => changed.has(field))) {
        const sql = `ALTER POLICY ${lastName(after.name)} ON ${on(after).sql} ${policyParts(after)};`;
        drafts.push({ sql, does: "changes the policy", lock: exclusive(on(after).name) });
      }
      break;
    case "publication":
      drafts.push(...alterPublication(before, after, changed));
      break;
    default:
      if (changed.has("fires")) drafts.push(fires(after));
  }
  if (changed.has("comment")) drafts.push(commentOn(after));
  return drafts;

  function options(): Draft[] {
    const word = after.kind === "view" ? "VIEW" : "MATERIALIZED VIEW";
    return changeOptions(before.fields.options, fields.options).map((part) => ({
      sql: `ALTER ${word} ${name} ${part};`,
      does: "changes options",
      lock: exclusive(after.name),
    }));
  }
}

/** Drops what makeProgram makes. */
export function dropProgram(object: SchemaObject): Draft[] {
  const lock = ["trigger", "rule", "policy"].includes(object.kind)
    ? exclusive(on(object).name)
    : ["view", "materialized_view"].includes(object.kind)
      ? exclusive(object.name)
      : null;
  return [{ sql: `DROP ${named(object)};`, does: `drops the ${object.kind.replaceAll("_", " ")}`, lock }];
}
