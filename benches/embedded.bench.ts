import { randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { processHash } from "@change-mgmt/domain/process/hash.ts";
import { Door } from "@change-mgmt/server/commands/execute.ts";
import { commentOnChange } from "@change-mgmt/server/lifecycle/requests/comment-on-change.ts";
import { createChange } from "@change-mgmt/server/lifecycle/requests/create-change.ts";
import { ProcessLibrary } from "@change-mgmt/server/storage/process-record.ts";
import type { Store } from "@change-mgmt/server/storage/store.ts";
import { accepted, aQuickProcess, aSmallWorkspace } from "@change-mgmt/server/testing/small-workspace.ts";
import { newDataFolder, openedStore } from "@change-mgmt/server/testing/stores.ts";
import pg from "pg";
import { defineBench, measureRounds, ratio, spread } from "./measure.ts";

const ROUNDS = 15;
/** So many commands of each kind a round. */
const COMMANDS = 20;
const ofServer = createRequire(new URL("../packages/server/package.json", import.meta.url));
const { PGlite } = ofServer("@electric-sql/pglite") as { PGlite: { create(folder: string): Promise<Embedded> } };
const { prepareValue } = ofServer("pg/lib/utils.js") as { prepareValue(value: unknown): unknown };

interface Embedded {
  query(text: string, values: readonly unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Whether a command on an embedded store costs little more than its statements. */
export const bench = defineBench({
  question:
    "How many commands a second does an embedded store take, held against the embedded Postgres with the same statements and nothing else?",
  async run() {
    const { dataDir, remove } = await newDataFolder();
    const copy = mkdtempSync(join(tmpdir(), "change-mgmt-bench-"));
    try {
      let store = await openedStore({ dataDir, owner: "a bench" });
      const { people, draft } = await aSmallWorkspace(store);
      await draft();
      // What is captured has not happened yet in the copy.
      await store.close();
      cpSync(join(dataDir, "store"), copy, { recursive: true });
      store = await openedStore({ dataDir, owner: "a bench" });
      const acts = await actsOn(store, people.rosa);
      const statements = [...(await statementsOf(acts.create)), ...(await statementsOf(acts.comment))];
      const alone = await PGlite.create(copy);
      const times = await measureRounds(
        {
          commands: async () => {
            for (let n = 0; n < COMMANDS; n++) {
              await acts.create();
              await acts.comment();
            }
          },
          alone: async () => {
            for (let n = 0; n < COMMANDS; n++) await carryOut(alone, statements);
          },
        },
        { rounds: ROUNDS, warmUp: 3 },
      );
      await alone.close();
      await store.close();
      const perSecond = (wall: readonly number[]) => spread(wall.map((ms) => (2 * COMMANDS * 1000) / ms));
      return {
        subject: {
          commands: "a change created and a comment, in turn",
          "statements of both": statements.length,
        },
        figures: {
          "commands a second": perSecond(times.commands.wall),
          "the same statements alone, a second": perSecond(times.alone.wall),
        },
        ratios: { "commands by their statements alone, time": ratio(times.commands.wall, times.alone.wall) },
      };
    } finally {
      rmSync(copy, { recursive: true, force: true });
      await remove();
    }
  },
});

/** What somebody does to a store over and over. */
async function actsOn({ db }: Store, actor: Actor) {
  const process = aQuickProcess();
  const processes = new ProcessLibrary();
  await processes.publish(db, [{ process, hash: processHash(process) }]);
  const door = new Door({ db, processes });
  const fields = { title: "Add a field", type: "add", components: ["users"] };
  const create = async () => {
    const draft = { process: "quick", fields, artifacts: [], submit: false };
    return accepted(await door.execute(createChange, draft, { actor, idempotencyKey: randomUUID() }));
  };
  // Of one that stands in the copy as well.
  const { id } = await db.selectFrom("change_requests").select("id").executeTakeFirstOrThrow();
  const comment = async () => {
    const text = { id, text: "Looked at it.", attachments: [] };
    return accepted(await door.execute(commentOnChange, text, { actor, idempotencyKey: randomUUID() }));
  };
  return { create, comment };
}

/** The statements that an act sends to its store. */
async function statementsOf(act: () => Promise<unknown>): Promise<Statement[]> {
  const sent: Statement[] = [];
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, text: string, values: readonly unknown[] = []) {
    sent.push({ text, values: values.map((value) => prepareValue(value)) });
    return (query as (...all: unknown[]) => unknown).call(this, text, values);
  } as never;
  try {
    await act();
  } finally {
    pg.Client.prototype.query = query;
  }
  return sent;
}

/** Carries statements out as they were sent, but takes back what they write, so that they can be carried out again. */
async function carryOut(alone: Embedded, statements: readonly Statement[]): Promise<void> {
  for (const { text, values } of statements) await alone.query(text === "commit" ? "rollback" : text, values);
}
