import { sql } from "kysely";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Db } from "../storage/store.ts";

const FRESH_MS = 5000;

/** Which events each counter counts. Names of the first four are those of the specification. */
const COUNTED: readonly { name: string; help: string; events: readonly string[] }[] = [
  { name: "change_requests_created_total", help: "Change requests created", events: ["change.created"] },
  { name: "change_deployments_total", help: "Deployments that succeeded", events: ["deployment.succeeded"] },
  { name: "change_rollbacks_total", help: "Rollbacks that succeeded", events: ["rollback.succeeded"] },
  {
    name: "change_deployments_failed_total",
    help: "Deployments and rollbacks that failed",
    events: ["deployment.failed", "rollback.failed"],
  },
  { name: "change_votes_total", help: "Votes cast", events: ["vote.approved", "vote.rejected", "vote.abstained"] },
];

/** Figures of the whole installation, read from the store when they are asked for, so that every process tells the same. */
export function installationMetrics(db: Db, deadLetters: () => Promise<number>): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const events = fresh(async () => {
    const { rows } = await sql<{ action: string; count: string }>`
      SELECT action, count(*) AS count FROM change_mgmt.audit_trail WHERE action = ANY(${COUNTED.flatMap((counted) => counted.events)}::text[]) GROUP BY action`.execute(
      db,
    );
    return new Map(rows.map((row) => [row.action, Number(row.count)]));
  });
  for (const { name, help, events: counted } of COUNTED) {
    const counter = new Counter({
      name,
      help,
      registers: [registry],
      async collect() {
        const counts = await events();
        counter.reset();
        counter.inc(counted.reduce((sum, event) => sum + (counts.get(event) ?? 0), 0));
      },
    });
  }
  const snapshots = new Counter({
    name: "schema_snapshots_created_total",
    help: "Schema snapshots taken",
    registers: [registry],
    async collect() {
      const row = await db
        .selectFrom("schema_snapshots")
        .select((eb) => eb.fn.countAll<string>().as("count"))
        .executeTakeFirstOrThrow();
      snapshots.reset();
      snapshots.inc(Number(row.count));
    },
  });
  const byStatus = new Gauge({
    name: "changes",
    help: "Changes by status",
    labelNames: ["status"],
    registers: [registry],
    async collect() {
      const rows = await db
        .selectFrom("change_requests")
        .select(["status", (eb) => eb.fn.countAll<string>().as("count")])
        .groupBy("status")
        .execute();
      byStatus.reset();
      for (const row of rows) byStatus.set({ status: row.status }, Number(row.count));
    },
  });
  const waiting = new Gauge({
    name: "outbox_unsent",
    help: "Events that wait to be handed to their handlers",
    registers: [registry],
    async collect() {
      const row = await db
        .selectFrom("outbox")
        .select((eb) => eb.fn.countAll<string>().as("count"))
        .where("sent_at", "is", null)
        .executeTakeFirstOrThrow();
      waiting.set(Number(row.count));
    },
  });
  const unsealed = new Gauge({
    name: "audit_unsealed",
    help: "Audit entries that wait to be sealed",
    registers: [registry],
    async collect() {
      const row = await db
        .selectFrom("audit_trail")
        .select((eb) => eb.fn.countAll<string>().as("count"))
        .where("seq", "is", null)
        .executeTakeFirstOrThrow();
      unsealed.set(Number(row.count));
    },
  });
  const dead = new Gauge({
    name: "dead_letters",
    help: "Work that failed for good",
    registers: [registry],
    async collect() {
      dead.set(await deadLetters());
    },
  });
  return registry;
}

/** Asks at most once in a few seconds, however many collectors want to know. */
function fresh<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let until = 0;
  return () => {
    const now = Date.now();
    if (answer === undefined || now >= until) {
      until = now + FRESH_MS;
      answer = ask();
    }
    return answer;
  };
}
