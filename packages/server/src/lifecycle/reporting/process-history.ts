import type { ListHistory, PastChange } from "@change-mgmt/api/workspace.ts";
import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import { sql } from "kysely";
import type { z } from "zod";
import { ID_KEY, pageOf, readCursor } from "../../commands/cursor.ts";
import type { Handlers } from "../../commands/handler.ts";
import { currentConfiguration } from "../../storage/configuration-record.ts";
import type { Db } from "../../storage/store.ts";

type Past = z.output<typeof PastChange>;
type Assessment = NonNullable<Past["given"]["assessment"]>;

interface Row {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly status: string;
  readonly process_hash: string;
  readonly type: string;
  readonly components: readonly string[];
  readonly kinds: Past["given"]["artifacts"];
  readonly fields: Past["given"]["fields"];
  readonly environments: readonly string[];
  readonly assessment: Assessment | null;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly breaks: boolean;
  readonly began: Past["began"];
}

/** What changes were, for whoever wants to know what another version of their process would have asked of them. */
export function processHistoryRoutes({ db }: { readonly db: Db }): Handlers {
  return {
    "processes.history": async ({ actor, params: { name }, query }) => {
      const permitted = checkPermission(actor, "change.read");
      return permitted.ok ? await readHistory(db, name, query) : permitted;
    },
  };
}

/** A page of the changes of a process that were submitted, newest first, in one query. */
export async function readHistory(
  db: Db,
  name: string,
  { since, cursor, limit }: z.output<typeof ListHistory>,
): Promise<Outcome<{ items: Past[]; nextCursor: string | null }>> {
  const after = readCursor(cursor, ID_KEY);
  if (!after.ok) return after;
  const { rows } = await sql<Row>`
    SELECT c.id, c.number, c.title, c.status, c.process_hash, c.type, c.components,
      jsonb_path_query_array(c.artifacts, '$[*].kind') AS kinds,
      c.metadata -> 'fields' AS fields, c.metadata -> 'environments' AS environments,
      c.metadata -> 'assessment' AS assessment, c.metadata -> 'facts' AS facts,
      EXISTS (SELECT FROM change_mgmt.rehearsals r WHERE r.change_id = c.id AND r.content_hash = c.content_hash
        AND (r.report ->> 'breaking')::boolean) AS breaks,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('environment', d.environment, 'at',
          to_char(d.requested_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY d.requested_at), '[]')
        FROM change_mgmt.deployments d WHERE d.change_id = c.id AND d.direction = 'deploy') AS began
    FROM change_mgmt.change_requests c
    WHERE c.process_name = ${name} AND c.status <> 'draft'
      ${since === undefined ? sql`` : sql`AND c.created_at >= ${since}`}
      ${after.value === undefined ? sql`` : sql`AND c.id < ${after.value}`}
    ORDER BY c.id DESC LIMIT ${limit + 1}`.execute(db);
  const owners = new Map(
    ((await currentConfiguration(db))?.document.components ?? []).map((component) => [component.name, component.team]),
  );
  const { items, nextCursor } = pageOf(rows, limit, ({ id }) => id);
  return accept({ items: items.map((row) => pastOf(row, owners)), nextCursor });
}

function pastOf(row: Row, owners: ReadonlyMap<string, string>): Past {
  const { number, title, status, process_hash: hash, type, fields, kinds, assessment, began } = row;
  const teams = row.components.flatMap((component) => {
    const team = owners.get(component);
    return team === undefined ? [] : [[component, team] as const];
  });
  const measured = Object.fromEntries(
    ["rewrittenBytes", "blockedSeconds"].flatMap((fact) => {
      const value = row.facts[fact];
      return typeof value === "number" ? [[fact, value] as const] : [];
    }),
  );
  return {
    number,
    title,
    status,
    hash,
    given: {
      type,
      fields,
      artifacts: kinds,
      environments: [...row.environments],
      ...(assessment === null
        ? {}
        : { assessment: { breaking: assessment.breaking, complexity: assessment.complexity } }),
      componentTeams: Object.fromEntries(teams),
      measured: { ...measured, ...(row.breaks ? { breaking: true } : {}) },
    },
    began,
  };
}
