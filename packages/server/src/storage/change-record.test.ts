import { afterAll, beforeAll, expect, test } from "vitest";
import { createChange } from "../lifecycle/requests/create-change.ts";
import { startPostgres, type TestPostgres } from "../testing/postgres.ts";
import { accepted, aSmallWorkspace } from "../testing/small-workspace.ts";
import { openedStore } from "../testing/stores.ts";
import { changeFrom, changeQueries } from "./change-record.ts";
import type { Store } from "./store.ts";
import { together } from "./together.ts";

let postgres: TestPostgres;
let store: Store;

beforeAll(async () => {
  postgres = await startPostgres();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
});

afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

test("whoever waits for a change gets it whole as the one before left it, its checklist too", async () => {
  const { door, people } = await aSmallWorkspace(store);
  const fields = { title: "One", type: "add", components: ["users"] };
  const { id } = accepted(
    await door.execute(
      createChange,
      { process: "quick", fields, artifacts: [], submit: false },
      { actor: people.rosa },
    ),
  );
  const first = await store.pool.connect();
  try {
    await first.query("BEGIN");
    await first.query("SELECT 1 FROM change_mgmt.change_requests WHERE id = $1 FOR UPDATE", [id]);
    const second = store.db
      .transaction()
      .execute(async (tx) => accepted(changeFrom(id, ...(await together(tx, changeQueries(tx, id, true))))));
    const waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while ((await store.pool.query(waiting)).rowCount === 0);
    await first.query("UPDATE change_mgmt.change_requests SET version = 7 WHERE id = $1", [id]);
    await first.query("UPDATE change_mgmt.workflow_states SET current_step = 'later' WHERE change_id = $1", [id]);
    await first.query("COMMIT");
    expect(await second).toMatchObject({ version: 7, stage: "later" });
  } finally {
    first.release();
  }
});
