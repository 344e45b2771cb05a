import { existsSync } from "node:fs";
import { cp, rename, rm } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { templateFolder } from "@change-mgmt/analysis/rehearsal/template.ts";
import { PGlite } from "@electric-sql/pglite";
import { btree_gin } from "@electric-sql/pglite/contrib/btree_gin";
import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { cube } from "@electric-sql/pglite/contrib/cube";
import { earthdistance } from "@electric-sql/pglite/contrib/earthdistance";
import { fuzzystrmatch } from "@electric-sql/pglite/contrib/fuzzystrmatch";
import { hstore } from "@electric-sql/pglite/contrib/hstore";
import { intarray } from "@electric-sql/pglite/contrib/intarray";
import { ltree } from "@electric-sql/pglite/contrib/ltree";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { pgcrypto } from "@electric-sql/pglite/contrib/pgcrypto";
import { tablefunc } from "@electric-sql/pglite/contrib/tablefunc";
import { unaccent } from "@electric-sql/pglite/contrib/unaccent";
import { uuid_ossp } from "@electric-sql/pglite/contrib/uuid_ossp";
import { createPgConfig } from "@electric-sql/pglite/node-postgres";
import pg from "pg";
import { endWithEngine } from "../../storage/engine-end.ts";
import type { EmbeddedAnswer, EmbeddedQuestion, EmbeddedStart } from "./embedded-protocol.ts";

// Runs in a worker thread: the database's work must neither block the server nor be impossible to stop.
const port = parentPort!;
const { directory, cacheFolder } = workerData as EmbeddedStart;
const answer = (message: EmbeddedAnswer) => port.postMessage(message);
const extensions = {
  ...{ btree_gin, btree_gist, citext, cube, earthdistance, fuzzystrmatch, hstore },
  ...{ intarray, ltree, pg_trgm, pgcrypto, tablefunc, unaccent, uuid_ossp },
};

if (!existsSync(directory)) await create();
const database = await PGlite.create({ dataDir: directory, extensions });
endWithEngine(database, directory);
// Through node-postgres, so that values have the same JavaScript types as from a server.
const client = new pg.Client(createPgConfig(database) as pg.ClientConfig);
await client.connect();
const version = await client.query("select pg_catalog.current_setting('server_version') as version");

port.on("message", async (question: EmbeddedQuestion) => {
  if (question.ask === "close") {
    await client.end();
    await database.close();
    answer({ say: "closed" });
    port.close();
    return;
  }
  const { id, text, values } = question;
  try {
    const result = await client.query(text, values as unknown[] | undefined);
    const last = Array.isArray(result) ? (result.at(-1) as pg.QueryResult) : result;
    answer({ say: "rows", id, rows: last.rows ?? [], rowCount: last.rowCount ?? 0 });
  } catch (error) {
    // An Error loses its own fields when it is posted; these are what a caller reads.
    const fields = Object.entries(error as object).filter(([, value]) => typeof value === "string");
    answer({ say: "error", id, message: (error as Error).message, fields: Object.fromEntries(fields) });
  }
});
answer({ say: "ready", serverVersion: String(version.rows[0].version).split(" ")[0]! });

/** Made beside its place and moved there when whole, so that a crash leaves no half of a database. */
async function create(): Promise<void> {
  const unfinished = `${directory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await cp(await templateFolder(cacheFolder), unfinished, { recursive: true });
  await rename(unfinished, directory);
}
