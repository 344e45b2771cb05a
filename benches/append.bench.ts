import { hash } from "node:crypto";
import { composeEntry, entryText, entryTextHash, NO_HASH } from "@change-mgmt/domain/audit/entry.ts";
import { aChange } from "@change-mgmt/domain/testing/builders.ts";
import { appendAudit } from "@change-mgmt/server/audit/append.ts";
import { startPostgres } from "@change-mgmt/server/testing/postgres.ts";
import { aSmallWorkspace } from "@change-mgmt/server/testing/small-workspace.ts";
import { openedStore } from "@change-mgmt/server/testing/stores.ts";
import { sql } from "kysely";
import { defineBench, measureRounds, ratio, spread } from "./measure.ts";

const ROUNDS = 25;
const ENTRIES = 200;
/** So often the floor does its work in a round. */
const FLOORS = 200;

/** What an entry of the trail costs before it is sealed. */
export const bench = defineBench({
  question:
    "What does appending to the trail cost, composing an entry held against SHA-256 of its bytes, and the append against its statements alone?",
  async run() {
    const postgres = await startPostgres({});
    try {
      const store = await openedStore({ databaseUrl: await postgres.newDatabase() });
      const { people, draft } = await aSmallWorkspace(store);
      const change = { ...aChange(), id: await draft() };
      const event = { type: "step.completed", details: { step: "rollback-script", evidence: "Tried on a copy." } };
      const composed = (n: number) =>
        entryText(
          composeEntry({
            event,
            actor: people.rosa,
            change,
            outcome: "done",
            stream: change.id,
            streamSeq: n + 1,
            streamPrev: NO_HASH,
            now: "2026-11-21T09:00:00.000Z",
            suffix: "abcdef",
            runtimeVersion: "node",
          }),
        );
      const text = composed(0);
      const bytes = Buffer.from(text);
      const values = { id: "", text, hash: entryTextHash(text) };
      const lock = sql`SELECT * FROM change_mgmt.audit_streams WHERE stream = ${change.id} FOR UPDATE`;
      let at = 1_000_000;
      const times = await measureRounds(
        {
          sha256: () => {
            for (let n = 0; n < ENTRIES * FLOORS; n++) hash("sha256", bytes);
          },
          compose: () => {
            for (let time = 0; time < 10; time++) for (let n = 0; n < ENTRIES; n++) entryTextHash(composed(n));
          },
          append: async () => {
            for (let n = 0; n < ENTRIES; n++)
              await store.db
                .transaction()
                .execute((tx) => appendAudit(tx, change.id, people.rosa, [{ ...event, change }], "done", new Date()));
          },
          statements: async () => {
            for (let n = 0; n < ENTRIES; n++)
              await store.db.transaction().execute(async (tx) => {
                await lock.execute(tx);
                await sql`WITH entries AS (
                    INSERT INTO change_mgmt.audit_trail (id, change_id, action, actor, details, entry, hash, stream, stream_seq, created_at)
                    VALUES (uuidv7(), ${change.id}, ${event.type}, 'rosa', ${JSON.stringify(event.details)}::jsonb,
                      ${values.text}, ${values.hash}, 'alone', ${++at}, now()))
                  UPDATE change_mgmt.audit_streams SET last_time = last_time WHERE stream = 'alone'`.execute(tx);
              });
          },
        },
        { rounds: ROUNDS, warmUp: 3 },
      );
      await store.close();
      const each = (wall: readonly number[], times: number) => spread(wall.map((ms) => (ms * 1000) / times));
      return {
        subject: { entries: ENTRIES, "bytes of an entry": bytes.length },
        figures: {
          "sha256 of an entry's bytes, µs": each(times.sha256.wall, ENTRIES * FLOORS),
          "composing and hashing an entry, µs": each(times.compose.wall, ENTRIES * 10),
          "appending an entry in a transaction, µs": each(times.append.wall, ENTRIES),
          "its statements alone, µs": each(times.statements.wall, ENTRIES),
        },
        ratios: {
          "composing and hashing by sha256, processor time": ratio(times.compose.cpu, times.sha256.cpu, FLOORS / 10),
          "appending by its statements alone, wall": ratio(times.append.wall, times.statements.wall),
        },
      };
    } finally {
      await postgres.stop();
    }
  },
});
