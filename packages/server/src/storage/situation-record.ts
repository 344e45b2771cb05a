import type { Change } from "@change-mgmt/domain/change/change.ts";
import type {
  EnvironmentFact,
  Occupation,
  RehearsalFact,
  ReportFact,
  Situation,
  TargetFact,
} from "@change-mgmt/domain/change/situation.ts";
import { type CompiledQuery, type RawBuilder, sql } from "kysely";
import { idOf } from "./change-record.ts";
import { PEOPLE, type PersonRow, personOf } from "./person-record.ts";
import type { Db, Tx } from "./store.ts";

/** Everything beside a change that rules ask about, in one query. */
export async function loadSituation(db: Db | Tx, change: Pick<Change, "id"> | null, now: Date): Promise<Situation> {
  const situationOf = await loadSituations(db, change === null ? [] : [change.id], now);
  return situationOf(change?.id ?? "");
}

/** The statement that gathers it for the change of a UUID or a number, for `situationFrom`. */
export function situationQuery(db: Db | Tx, reference: string): CompiledQuery<Gathered> {
  return gather(sql`change_id = ${idOf(reference)}`).compile(db);
}

/** The situation of the change with that UUID as `situationQuery` answered. */
export function situationFrom(rows: readonly Gathered[], id: string, now: Date): Situation {
  return situationsFrom(rows, now)(id);
}

/** A moment as JSON of the database has it, with its microseconds and offset. */
type Moment = string;

/** What the query of situations answers with, each list as JSON. */
interface Gathered {
  readonly components: readonly { readonly name: string; readonly team: string }[] | null;
  readonly holidays: readonly string[] | null;
  readonly occupied: Occupation[];
  readonly hold: { readonly reason: string; readonly by: string; readonly since: Moment } | null;
  readonly people: PersonRow[];
  readonly delegations: readonly {
    readonly delegate: string;
    readonly person: string;
    readonly from: Moment;
    readonly until: Moment;
  }[];
  readonly rehearsals: readonly (RehearsalFact & { readonly changeId: string })[];
  readonly targets: readonly (TargetFact & { readonly changeId: string })[];
  readonly reports: readonly (ReportFact & { readonly changeId: string; readonly at: Moment })[];
  readonly environments: readonly (Omit<EnvironmentFact, "watch"> & {
    readonly changeId: string;
    readonly at: Moment;
    readonly watch: Required<EnvironmentFact>["watch"] | null;
  })[];
}

/** The situations of several changes by their UUIDs, also in one query: asked one by one, the ways there and back cost more than the answers. */
export async function loadSituations(
  db: Db | Tx,
  ids: readonly string[],
  now: Date,
): Promise<(changeId: string) => Situation> {
  const { rows } = await gather(sql`change_id = ANY(${ids}::uuid[])`).execute(db);
  return situationsFrom(rows, now);
}

function gather(own: RawBuilder<unknown>): RawBuilder<Gathered> {
  const list = (query: RawBuilder<unknown>) => sql`(SELECT coalesce(json_agg(one), '[]') FROM (${query}) one)`;
  return sql<Gathered>`SELECT
    (SELECT document -> 'components' FROM change_mgmt.configurations ORDER BY version DESC LIMIT 1) AS components,
    (SELECT document -> 'holidays' FROM change_mgmt.configurations ORDER BY version DESC LIMIT 1) AS holidays,
    ${list(OCCUPIED)} AS occupied,
    (SELECT json_build_object('reason', reason, 'by', held_by, 'since', since) FROM change_mgmt.deployment_hold LIMIT 1) AS hold,
    ${list(PEOPLE)} AS people,
    ${list(DELEGATIONS)} AS delegations,
    ${list(sql`
      SELECT change_id AS "changeId", artifact, content_hash AS "contentHash", outcome, report -> 'rollback' AS rollback,
        report -> 'message' AS message, report -> 'rollbackMessage' AS "rollbackMessage",
        coalesce((report ->> 'breaking')::boolean, false) AS breaking
      FROM change_mgmt.rehearsals WHERE ${own}`)} AS rehearsals,
    ${list(sql`
      SELECT change_id AS "changeId", environment, content_hash AS "contentHash", rewritten_bytes AS "rewrittenBytes", blocked_seconds AS "blockedSeconds"
      FROM change_mgmt.target_looks WHERE ${own}`)} AS targets,
    ${list(sql`
      SELECT change_id AS "changeId", kind, content_hash AS "contentHash", passed, failed, created_at AS at
      FROM change_mgmt.validation_reports WHERE ${own} ORDER BY id`)} AS reports,
    ${list(sql`
      SELECT e.change_id AS "changeId", e.environment, e.state, e.updated_at AS at,
        CASE WHEN w.state IS NOT NULL THEN json_build_object('state', w.state, 'until', w.until) END AS watch
      FROM (SELECT * FROM change_mgmt.change_environments WHERE ${own}) e
      LEFT JOIN change_mgmt.deployment_watches w ON w.deployment_id = e.deployment_id AND w.ended_at IS NULL`)} AS environments`;
}

function situationsFrom(rows: readonly Gathered[], now: Date): (changeId: string) => Situation {
  const found = rows[0]!;
  const delegations = Map.groupBy(found.delegations, ({ delegate }) => delegate);
  const shared = {
    occupied: found.occupied,
    hold: found.hold && { ...found.hold, since: rfc3339(found.hold.since) },
    people: found.people.map((row) => {
      const standsInFor = (delegations.get(row.handle) ?? []).map(({ person, from, until }) => ({
        person,
        from: rfc3339(from),
        until: rfc3339(until),
      }));
      return standsInFor.length === 0 ? personOf(row) : { ...personOf(row), standsInFor };
    }),
    componentTeams: Object.fromEntries((found.components ?? []).map(({ name, team }) => [name, team])),
    holidays: found.holidays ?? [],
    now: now.toISOString(),
  };
  const of = <Row extends { readonly changeId: string }>(all: readonly Row[]) => {
    const byChange = Map.groupBy(all, ({ changeId }) => changeId);
    return (id: string) => (byChange.get(id) ?? []).map(({ changeId, ...fact }) => fact);
  };
  const [rehearsals, targets, reports, environments] = [
    of(found.rehearsals),
    of(found.targets),
    of(found.reports),
    of(found.environments),
  ];
  return (id) => ({
    ...shared,
    rehearsals: rehearsals(id),
    targets: targets(id),
    reports: reports(id).map((report) => ({ ...report, at: rfc3339(report.at) })),
    environments: environments(id).map(({ watch, ...environment }) => ({
      ...environment,
      at: rfc3339(environment.at),
      ...(watch === null ? {} : { watch: { ...watch, until: rfc3339(watch.until) } }),
    })),
  });
}

function rfc3339(moment: Moment): string {
  return new Date(moment).toISOString();
}

/** One that was ended early was in force until then. */
const DELEGATIONS = sql`
  SELECT delegate, person, from_at AS "from", least(until_at, ended_at) AS until FROM change_mgmt.delegations ORDER BY id`;

const OCCUPIED = sql<Occupation>`
  SELECT d.environment, d.id AS deployment, c.number AS change, d.direction, d.state,
    (SELECT s.title FROM change_mgmt.deployment_steps s
      WHERE s.deployment_id = d.id AND s.state = 'waiting' ORDER BY s.position LIMIT 1) AS "waitsFor"
  FROM change_mgmt.deployments d JOIN change_mgmt.change_requests c ON c.id = d.change_id
  WHERE d.state IN ('requested', 'running', 'waiting')`;

/** Which environments are taken at this moment, by whom, and what that waits for. */
export async function loadOccupied(db: Db | Tx): Promise<Occupation[]> {
  const { rows } = await OCCUPIED.execute(db);
  return rows;
}
