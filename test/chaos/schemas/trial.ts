import type { AlterationStep } from "@change-mgmt/analysis/alteration/alteration.ts";
import { planAlteration } from "@change-mgmt/analysis/alteration/plan.ts";
import { introspect } from "@change-mgmt/analysis/introspection/introspect.ts";
import { diffSchemas } from "@change-mgmt/domain/schema/diff.ts";
import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import pg from "pg";
import { dump, firstDifference, sortedLines } from "./pg-dump.ts";
import { ROLES } from "./random-schema.ts";

/** How one pair ended: `invalid` when one of its schemas cannot even be made. */
export interface Verdict {
  readonly outcome: "exact" | "column-order" | "refused" | "wrong" | "fails" | "invalid";
  readonly reason: string;
}

/** Makes both schemas of a pair on a real server, applies the planned SQL to the first, and compares it with the second by pg_dump and by model. */
export async function tryPair(
  server: string,
  pair: { readonly a: readonly string[]; readonly b: readonly string[] },
  name: string,
): Promise<Verdict> {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  const [one, two] = [`${name}_a`, `${name}_b`];
  try {
    for (const role of ROLES)
      await admin.query(`do $$ begin create role ${role}; exception when duplicate_object then end $$`);
    for (const database of [one, two]) await admin.query(`create database ${database} template template0`);
    return await onDatabases(addressOf(server, one), addressOf(server, two), pair);
  } finally {
    for (const database of [one, two]) await admin.query(`drop database if exists ${database} with (force)`);
    await admin.end();
  }
}

function addressOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.toString();
}

async function onDatabases(
  one: string,
  two: string,
  pair: { a: readonly string[]; b: readonly string[] },
): Promise<Verdict> {
  const clients = [one, two].map((connectionString) => new pg.Client({ connectionString }));
  for (const client of clients) await client.connect();
  const [a, b] = clients as [pg.Client, pg.Client];
  try {
    for (const [client, statements] of [
      [a, pair.a],
      [b, pair.b],
    ] as const) {
      for (const statement of statements) {
        try {
          await client.query(statement);
        } catch (error) {
          return { outcome: "invalid", reason: `${(error as Error).message}: ${statement}` };
        }
      }
    }
    const [from, to] = [await read(a), await read(b)];
    const plan = planAlteration(from, to, { recreate: true });
    if (plan.obstacles.length > 0) {
      return {
        outcome: "refused",
        reason: plan.obstacles.map(({ object, reason }) => `${object}: ${reason}`).join("; "),
      };
    }
    const failed = await apply(a, plan.steps);
    if (failed !== null) return { outcome: "fails", reason: failed };
    const left = diffSchemas(await read(a), to).filter(({ fields }) => !fields.includes("columnOrder"));
    if (left.length > 0) {
      return {
        outcome: "wrong",
        reason: left.map(({ kind, object, change, detail }) => `${kind} ${object} ${change} ${detail}`).join("; "),
      };
    }
    const [is, wanted] = [dump(one), dump(two)];
    if (is === wanted) return { outcome: "exact", reason: "" };
    if (plan.columnOrder.length > 0 && sortedLines(is) === sortedLines(wanted)) {
      return { outcome: "column-order", reason: plan.columnOrder.join(", ") };
    }
    return { outcome: "wrong", reason: `pg_dump differs: ${firstDifference(is, wanted)}` };
  } finally {
    for (const client of clients) await client.end();
  }
}

async function read(client: pg.Client): Promise<SchemaModel> {
  return introspect((text, values) => client.query(text, values), { dependencies: true });
}

async function apply(client: pg.Client, steps: readonly AlterationStep[]): Promise<string | null> {
  for (const phase of new Set(steps.map((step) => step.phase))) {
    await client.query("begin");
    for (const step of steps.filter((one) => one.phase === phase)) {
      try {
        await client.query(step.sql);
      } catch (error) {
        return `${(error as Error).message}: ${step.sql}`;
      }
    }
    await client.query("commit");
  }
  return null;
}
