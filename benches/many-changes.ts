import { fileURLToPath } from "node:url";
import { loadProcess } from "@change-mgmt/analysis/configuration/process-file.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { createChange } from "@change-mgmt/server/lifecycle/requests/create-change.ts";
import type { ProcessLibrary } from "@change-mgmt/server/storage/process-record.ts";
import { openStore, type Store } from "@change-mgmt/server/storage/store.ts";
import { type TestPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { accepted, aSmallWorkspace } from "@change-mgmt/server/testing/small-workspace.ts";

const PROCESS = fileURLToPath(new URL("../processes/data-layer", import.meta.url));
const CHANGE = {
  fields: {
    type: "add-field",
    title: "Add a column",
    description: "Customers want to be greeted by the name they like.",
    components: ["users"],
    tables: ["users"],
  },
  artifacts: [
    {
      kind: "migration",
      id: "column",
      name: "20261121_column.sql",
      up: "ALTER TABLE users ADD COLUMN nickname text;",
      down: "ALTER TABLE users DROP COLUMN nickname;",
      transactional: true,
    },
  ],
};
/** So many people ask for changes and so many teams own them, whatever the number of changes. */
const PEOPLE = 500;
const TEAMS = 25;
/** One change in so many is under way; the others are over. */
const ONE_ACTIVE_IN = 50;

/** A store full of changes, and who looks at it. */
export interface Filled {
  readonly store: Store;
  readonly processes: ProcessLibrary;
  /** A developer and team lead with changes of their own and of their team, and votes to cast. */
  readonly reader: Actor;
  close(): Promise<void>;
}

/**
 * A store on a real Postgres with so many changes. One was made through the door; the others are that one over and over, by other people,
 * in other stages and with other words.
 */
export async function storeWith(postgres: TestPostgres, changes: number): Promise<Filled> {
  const databaseUrl = await postgres.newDatabase();
  const store = accepted(await openStore({ databaseUrl }));
  const { process } = accepted(await loadProcess(PROCESS));
  const { processes, door, people } = await aSmallWorkspace(store, { process });
  accepted(
    await door.execute(createChange, { process: process.name, ...CHANGE, submit: true }, { actor: people.rosa }),
  );
  const stages = process.stages.filter(({ status }) => !["closed", "cancelled", "rejected"].includes(status));
  await withClient(databaseUrl, async (client) => {
    await client.query("SET search_path = change_mgmt; SET synchronous_commit = off");
    await client.query(`
      INSERT INTO users (id, handle, name)
        SELECT gen_random_uuid(), 'person-' || n, 'Person ' || n FROM generate_series(0, ${PEOPLE - 1}) n;
      INSERT INTO teams (id, name, title) SELECT gen_random_uuid(), 'team-' || n, 'Team ' || n FROM generate_series(0, ${TEAMS - 1}) n`);
    const under_way = stages.map(({ id, status }) => ({ id, status }));
    await client.query(COPIES, [changes - 1, PEOPLE, TEAMS, ONE_ACTIVE_IN, JSON.stringify(under_way)]);
    await client.query(`INSERT INTO workflow_states (change_id, current_step, step_data)
      SELECT c.id, c.metadata->>'stage', w.step_data FROM change_requests c, workflow_states w WHERE c.metadata ? 'stage'`);
    await client.query(`INSERT INTO change_search (change_id, change_version, document)
      SELECT id, version, (SELECT string_agg(quote_literal(word) || ':' || at, ' ')
        FROM unnest(regexp_split_to_array(lower(title), '\\W+')) WITH ORDINALITY AS words (word, at))::tsvector
      FROM change_requests WHERE metadata ? 'stage'`);
    await client.query(`INSERT INTO changes_under_way (key, change_id, updated_at)
      SELECT k.key, c.id, c.updated_at FROM change_requests c CROSS JOIN LATERAL (VALUES ('requester:' || requester),
        ('assignee:' || assignee), ('team:' || team), ('stage:' || process_name || '/' || (metadata->>'stage')), ('role:developer'),
        (CASE WHEN status IN ('awaiting_approval', 'approved', 'failed', 'rolled_back') THEN 'votes' END)) k (key)
      WHERE metadata ? 'stage' AND status NOT IN ('closed', 'cancelled') AND k.key IS NOT NULL`);
    await client.query("VACUUM ANALYZE");
  });
  const reader: Actor = {
    userId: "00000000-0000-7000-8000-000000000009",
    handle: "person-7",
    roles: ["team-lead", "developer", "requester"],
    teams: ["team-7"],
    positions: [],
  };
  return { store, processes, reader, close: () => store.close() };
}

/** One word stands in about sixty changes however many there are: what is asked for it finds as much among few as among many. Ids are in the order of creation, as those of real changes: a change a minute. */
const COPIES = `
  INSERT INTO change_requests (id, number, process_name, process_version, process_hash, title, description, type, priority, requester,
    assignee, team, status, breaking, components, metadata, artifacts, content_hash, version, created_at, updated_at)
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid,
    'CHG-' || n + 1, process_name, process_version, process_hash,
    'Add column ' || (ARRAY['nickname', 'motto', 'colour', 'size', 'weight', 'locale', 'zone'])[n % 7 + 1] || ' to table_' || n % 997 || ' number ' || n
      || CASE WHEN n % greatest($1 / 60, 1) = 0 THEN ' seldom' ELSE '' END,
    description, type, priority, 'person-' || n % $2, CASE WHEN n % 3 = 0 THEN 'person-' || (n * 7) % $2 END, 'team-' || n % $3,
    coalesce(stage->>'status', CASE WHEN n % 20 = 1 THEN 'cancelled' ELSE 'closed' END), breaking, components,
    metadata || jsonb_build_object('stage', coalesce(stage->>'id', 'closed')), artifacts, content_hash, version, at, at
  FROM generate_series(1, $1::int) n
  CROSS JOIN LATERAL (SELECT now() - ($1 - n) * interval '1 minute' AS at,
    CASE WHEN n % $4 = 0 THEN $5::jsonb -> (n / $4) % jsonb_array_length($5::jsonb) END AS stage) made
  CROSS JOIN (SELECT * FROM change_requests LIMIT 1) one`;
