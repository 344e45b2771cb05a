import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fillStore } from "../testing/fill-store.ts";
import { startPostgres, type TestPostgres } from "../testing/postgres.ts";
import { newEmbeddedStore, openedStore, storedRows } from "../testing/stores.ts";
import { backupStore, restoreStore } from "./backup.ts";
import { referencedFirst } from "./backup-tables.ts";
import { ownMigrations } from "./migrate.ts";
import type { Store } from "./store.ts";

const KINDS = ["embedded", "postgres"] as const;
type Kind = (typeof KINDS)[number];
const OUTPUT_LINES = 3000;

let postgres: TestPostgres;
const opened: Store[] = [];
const full = {} as Record<Kind, { store: Store; rows: Record<string, string[]>; file: Buffer }>;

beforeAll(async () => {
  postgres = await startPostgres();
  for (const kind of KINDS) {
    const store = await newStore(kind);
    await fillStore(store);
    // Enough for several pieces, with lines that are longer than a piece.
    await store.pool.query(`
      INSERT INTO change_mgmt.deployment_output (deployment_id, step, line)
      SELECT (SELECT id FROM change_mgmt.deployments ORDER BY id LIMIT 1), 'step', repeat(md5(n::text), CASE WHEN n % 1000 = 0 THEN 12000 ELSE 8 END)
      FROM generate_series(1, ${OUTPUT_LINES}) n`);
    await store.pool.query("UPDATE change_mgmt.outbox SET sent_at = NULL");
    full[kind] = { store, rows: await storedRows(store), file: await bytesOf(backupStore(store)) };
  }
});

afterAll(async () => {
  for (const store of opened) await store.close();
  await postgres.stop();
});

async function newStore(kind: Kind): Promise<Store> {
  const store =
    kind === "embedded" ? await newEmbeddedStore() : await openedStore({ databaseUrl: await postgres.newDatabase() });
  opened.push(store);
  return store;
}

async function bytesOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

async function* inParts(bytes: Uint8Array, size = 50_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function linesOf(file: Buffer): string[] {
  return gunzipSync(file).toString("utf8").split("\n").slice(0, -1);
}

function fileOf(lines: readonly string[]): Buffer {
  return gzipSync(lines.map((line) => `${line}\n`).join(""));
}

/** The first few rows that only one of two stores has, by table. */
function differences(found: Record<string, string[]>, expected: Record<string, string[]>): string[] {
  const names = [...new Set([...Object.keys(found), ...Object.keys(expected)])];
  return names
    .flatMap((name) => {
      const [a, b] = [found[name] ?? [], expected[name] ?? []];
      const [inA, inB] = [new Set(a), new Set(b)];
      const only = [...a.filter((row) => !inB.has(row)), ...b.filter((row) => !inA.has(row))];
      const counted = a.length === b.length ? [] : [`${a.length} rows, not ${b.length}`];
      return [...counted, ...only].map((row) => `${name}: ${row.slice(0, 300)}`);
    })
    .slice(0, 10);
}

/** A backup of the embedded store with its lines changed, and nothing else made to fit. */
function altered(change: (lines: string[]) => void): Buffer {
  const lines = linesOf(full.embedded.file);
  const before = lines.join();
  change(lines);
  if (lines.join() === before) throw new Error("nothing was altered");
  return fileOf(lines);
}

describe.each(KINDS)("from %s", (from) => {
  test.each(KINDS)("into %s, every row comes back as it was", async (to) => {
    const store = await newStore(to);
    // What a first start leaves behind.
    await store.pool.query(`
      INSERT INTO change_mgmt.processes (hash, name, version, document) VALUES ('of-the-start', 'p', 1, '{}');
      INSERT INTO change_mgmt.audit_head (id, head) VALUES (1, '{"size": 0}')`);
    const { rows, file } = full[from];
    const total = Object.values(rows).reduce((sum, { length }) => sum + length, 0);
    expect(await restoreStore(store, inParts(file))).toEqual({ ok: true, value: { rows: total } });
    expect(differences(await storedRows(store), rows)).toEqual([]);

    const next = await store.pool.query<{ id: string; last: string }>(`
      WITH last AS (SELECT max(id) AS last FROM change_mgmt.deployment_output)
      INSERT INTO change_mgmt.deployment_output (deployment_id, step, line)
      SELECT d.id, 'step', 'one more' FROM change_mgmt.deployments d LIMIT 1 RETURNING id, (SELECT last FROM last)`);
    expect(BigInt(next.rows[0]!.id)).toBe(BigInt(next.rows[0]!.last) + 1n);
  });
});

test("the filled stores have rows in every table, so that none is compared empty", () => {
  for (const kind of KINDS) {
    const empty = Object.entries(full[kind].rows).filter(([, rows]) => rows.length === 0);
    expect(empty).toEqual([]);
  }
});

test("the file is what its format says: header, rows by table, end with counts", () => {
  const lines = linesOf(full.embedded.file).map((line) => JSON.parse(line));
  const [header] = lines;
  const tables = Object.keys(full.embedded.rows);
  expect(header).toMatchObject({ format: "change-mgmt/backup/1", schema: ownMigrations().at(-1)!.number });
  expect([...header.tables].sort()).toEqual([...tables].sort());
  expect(tables).not.toContain("leases");
  expect(tables).toContain("deployment_steps");
  const end = lines.at(-1);
  expect(end.end).toBe(true);
  expect(end.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(end.rows.deployment_output).toBe(full.embedded.rows.deployment_output!.length);
  const order = lines.slice(1, -1).map(({ table }) => table);
  expect([...new Set(order)]).toEqual(header.tables);
});

test("the file is the same from both kinds of store but for its time", async () => {
  const copy = await newStore("postgres");
  expect((await restoreStore(copy, inParts(full.embedded.file))).ok).toBe(true);
  const [, ...lines] = linesOf(await bytesOf(backupStore(copy)));
  const [, ...original] = linesOf(full.embedded.file);
  // The end holds the hash of the header, and so of the time.
  const byText = (texts: string[]) => texts.slice(0, -1).sort();
  expect(byText(lines)).toEqual(byText(original));
});

test("a table comes after those it refers to, and a circle is said to be one", () => {
  const tables = [
    { name: "a", references: ["c"] },
    { name: "b", references: [] },
    { name: "c", references: ["b", "left-out"] },
  ];
  expect(referencedFirst(tables)).toEqual(["b", "c", "a"]);
  expect(() => referencedFirst([...tables, { name: "d", references: ["d"] }])).toThrow(/circle among d/);
});

test("a backup holds what was there when it began, not what is written meanwhile", async () => {
  const source = await newStore("postgres");
  expect((await restoreStore(source, inParts(full.postgres.file))).ok).toBe(true);
  const backup = backupStore(source);
  const first = await backup.next();
  expect(first.done).toBe(false);
  await source.pool.query(
    "INSERT INTO change_mgmt.audit_keys (key_id, public_key) VALUES ('late', 'x'); DELETE FROM change_mgmt.deployment_output",
  );
  const file = Buffer.concat([first.value as Uint8Array, await bytesOf(backup)]);
  const copy = await newStore("postgres");
  expect((await restoreStore(copy, inParts(file))).ok).toBe(true);
  expect(differences(await storedRows(copy), full.postgres.rows)).toEqual([]);
});

test("handed-over work that is not done is in the backup as not handed over; done work is not", async () => {
  const source = await newStore("embedded");
  const ids = [1, 2, 3, 4, 5].map((n) => `00000000-0000-7000-8000-00000000000${n}`);
  await source.pool.query(
    `INSERT INTO change_mgmt.outbox (id, event, payload, sent_at)
     SELECT id, 'e', '{}', CASE WHEN n = 1 THEN NULL ELSE now() END FROM unnest($1::uuid[]) WITH ORDINALITY o (id, n)`,
    [ids],
  );
  for (const queue of ["work", "dead-letters"]) {
    await source.pool.query('SELECT change_mgmt_jobs.create_queue($1, \'{"policy": "standard"}\')', [queue]);
  }
  await source.pool.query(
    `INSERT INTO change_mgmt_jobs.job (name, state, data) SELECT name, state::change_mgmt_jobs.job_state, jsonb_build_object('key', key)
     FROM (VALUES ('work', 'active', $1), ('work', 'completed', $2), ('work', 'retry', $3), ('dead-letters', 'created', $4)) j (name, state, key)`,
    ids.slice(1),
  );
  const copy = await newStore("embedded");
  expect((await restoreStore(copy, backupStore(source))).ok).toBe(true);
  const { rows } = await copy.pool.query("SELECT id, sent_at FROM change_mgmt.outbox ORDER BY id");
  expect(rows).toEqual([ids[0], ids[1], ids[3]].map((id) => ({ id, sent_at: null })));
});

test("leases stay where they are: with the processes of the store", async () => {
  const copy = await newStore("embedded");
  await copy.pool.query(
    "INSERT INTO change_mgmt.leases (resource, holder, fence, expires_at) VALUES ('r', 'me', 7, now() + interval '1 hour')",
  );
  expect((await restoreStore(copy, inParts(full.embedded.file))).ok).toBe(true);
  const { rows } = await copy.pool.query("SELECT resource, fence FROM change_mgmt.leases");
  expect(rows).toEqual([{ resource: "r", fence: "7" }]);
});

describe("a reader that does not go on", () => {
  test("gives the store back when it ends early", async () => {
    for await (const piece of backupStore(full.embedded.store)) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    // An embedded store has one connection: this answers only if it was given back, outside the read-only transaction.
    await full.embedded.store.pool.query("UPDATE change_mgmt.teams SET title = title");
  });

  test("loses the store after a while, and is told so", async () => {
    const backup = backupStore(full.embedded.store, { patienceMs: 1 });
    expect((await backup.next()).done).toBe(false);
    await full.embedded.store.pool.query("UPDATE change_mgmt.teams SET title = title");
    await expect(backup.next()).rejects.toThrow(/let go of the store/);
  });
});

describe("refused, with nothing restored:", () => {
  let target: Store;
  let before: Record<string, string[]>;

  beforeAll(async () => {
    target = await newStore("embedded");
    await target.pool.query(
      "INSERT INTO change_mgmt.processes (hash, name, version, document) VALUES ('of-the-start', 'p', 1, '{}')",
    );
    before = await storedRows(target);
  });

  async function refusalOf(file: Uint8Array) {
    const outcome = await restoreStore(target, inParts(file));
    expect(differences(await storedRows(target), before)).toEqual([]);
    if (outcome.ok) throw new Error("was restored");
    return outcome.refusal;
  }

  test("an empty file", async () => {
    expect(await refusalOf(Buffer.alloc(0))).toMatchObject({ code: "BACKUP_DAMAGED", place: { line: 1 } });
    expect(await refusalOf(fileOf([]))).toMatchObject({ code: "BACKUP_DAMAGED", place: { line: 1 } });
  });

  test("something that is no backup", async () => {
    for (const file of [Buffer.from("CREATE TABLE x ();"), fileOf(["hello"]), fileOf(["[]"]), fileOf(["{}"])]) {
      expect(await refusalOf(file)).toMatchObject({ code: "BACKUP_DAMAGED", place: { line: 1 } });
    }
  });

  test("a file that is cut off, wherever", async () => {
    const { file } = full.embedded;
    for (const length of [1, 100, Math.floor(file.length / 2), file.length - 1]) {
      expect((await refusalOf(file.subarray(0, length))).code).toBe("BACKUP_DAMAGED");
    }
  });

  test("a text that is cut off between lines or within one, and packed again", async () => {
    const lines = linesOf(full.embedded.file);
    const refusal = await refusalOf(fileOf(lines.slice(0, -1)));
    expect(refusal).toMatchObject({ code: "BACKUP_DAMAGED", place: { line: lines.length } });
    expect(refusal.message).toContain("cut off");
    const text = lines.map((line) => `${line}\n`).join("");
    expect(await refusalOf(gzipSync(text.slice(0, -1)))).toMatchObject({
      code: "BACKUP_DAMAGED",
      place: { line: lines.length },
    });
  });

  test("one byte of the file that is another", async () => {
    for (const part of [0.1, 0.5, 0.99]) {
      const file = Buffer.from(full.embedded.file);
      const at = Math.floor(file.length * part);
      file[at] = file[at]! ^ 0x10;
      expect((await refusalOf(file)).code).toBe("BACKUP_DAMAGED");
    }
  });

  test("a value that was changed", async () => {
    const last = linesOf(full.embedded.file).length;
    const file = altered((lines) => {
      const at = lines.findIndex((line) => line.startsWith('{"table":"deployment_output"'));
      lines[at] = lines[at]!.replace(/"line":"./, '"line":"~');
    });
    const refusal = await refusalOf(file);
    expect(refusal).toMatchObject({ code: "BACKUP_DAMAGED", place: { line: last } });
    expect(refusal.message).toContain("SHA-256");
  });

  test("rows that were swapped", async () => {
    const file = altered((lines) => {
      const at = lines.findIndex((line) => line.startsWith('{"table":"audit_trail"'));
      [lines[at], lines[at + 1]] = [lines[at + 1]!, lines[at]!];
    });
    expect((await refusalOf(file)).message).toContain("SHA-256");
  });

  test("a row that was taken away", async () => {
    const file = altered((lines) => {
      lines.splice(
        lines.findIndex((line) => line.startsWith('{"table":"audit_trail"')),
        1,
      );
    });
    expect((await refusalOf(file)).message).toMatch(/rows of audit_trail, but there are 3/);
  });

  test("a value its column does not take, naming the lines", async () => {
    let line = 0;
    const file = altered((lines) => {
      const at = lines.findIndex((text) => text.startsWith('{"table":"audit_keys"'));
      line = at + 1;
      lines[at + 1] = lines[at + 1]!.replace(/"created_at":"[^"]*"/, '"created_at":"yesterdayish"');
    });
    const refusal = await refusalOf(file);
    expect(refusal).toMatchObject({ code: "BACKUP_DAMAGED", place: { line } });
    expect(refusal.message).toMatch(new RegExp(`lines ${line} to ${line + 3} .*yesterdayish`));
  });

  test("a row that refers to nothing", async () => {
    const file = altered((lines) => {
      const at = lines.findIndex((line) => line.startsWith('{"table":"user_roles"'));
      lines[at] = lines[at]!.replace(/"handle":"./, '"handle":"~');
    });
    expect((await refusalOf(file)).message).toMatch(/user_roles.*foreign key/s);
  });

  test("a row of a table that is not known, a line that is no row, and lines after the end", async () => {
    for (const line of ['{"table":"leases","row":{}}', '{"table":"users"}', "7", "{"]) {
      const file = altered((lines) => void lines.splice(1, 0, line));
      expect(await refusalOf(file)).toMatchObject({ code: "BACKUP_DAMAGED", place: { line: 2 } });
    }
    const file = altered((lines) => void lines.push(lines[1]!));
    expect((await refusalOf(file)).message).toContain("after the end");
  });

  test("other tables than the schema has", async () => {
    const file = altered((lines) => {
      lines[0] = lines[0]!.replace('"audit_head"', '"other"');
    });
    expect((await refusalOf(file)).message).toContain("audit_head, other");
  });

  test("a backup of another version", async () => {
    const ours = ownMigrations().at(-1)!.number;
    const withSchema = (schema: number) =>
      altered((lines) => {
        lines[0] = JSON.stringify({ ...JSON.parse(lines[0]!), schema });
      });
    const newer = await refusalOf(withSchema(ours + 1));
    expect(newer).toMatchObject({ code: "BACKUP_NEWER", details: { backup: ours + 1, store: ours } });
    const older = await refusalOf(withSchema(ours - 1));
    expect(older).toMatchObject({ code: "BACKUP_OTHER_SCHEMA", details: { backup: ours - 1, store: ours } });
    expect(older.message).toContain(`schema ${ours - 1}`);
    expect(older.message).toContain(`schema ${ours}`);
    const format = altered((lines) => {
      lines[0] = lines[0]!.replace("backup/1", "backup/2");
    });
    expect((await refusalOf(format)).code).toBe("BACKUP_NEWER");
  });

  test("a store that holds people, or audit entries alone", async () => {
    const { store, rows, file } = full.embedded;
    expect(await restoreStore(store, inParts(file))).toMatchObject({
      ok: false,
      refusal: { code: "STORE_NOT_EMPTY" },
    });
    expect(differences(await storedRows(store), rows)).toEqual([]);

    const audited = await newStore("embedded");
    await audited.pool.query(`INSERT INTO change_mgmt.audit_trail (id, action, actor, entry, hash, stream, stream_seq)
      VALUES (gen_random_uuid(), 'a', 'b', 'c', 'd', 'e', 1)`);
    expect(await restoreStore(audited, inParts(file))).toMatchObject({
      ok: false,
      refusal: { code: "STORE_NOT_EMPTY", message: expect.stringContaining("audit entries") },
    });
  });

  test("a source that breaks: its own error is thrown", async () => {
    async function* breaking() {
      yield full.embedded.file.subarray(0, 1000);
      throw new Error("the disk is gone");
    }
    await expect(restoreStore(target, breaking())).rejects.toThrow("the disk is gone");
    expect(differences(await storedRows(target), before)).toEqual([]);
  });

  test("the second of two restores at once", async () => {
    const store = await newStore("postgres");
    const outcomes = await Promise.all([1, 2].map(() => restoreStore(store, inParts(full.postgres.file))));
    expect(outcomes.map((outcome) => (outcome.ok ? "restored" : outcome.refusal.code)).sort()).toEqual([
      "STORE_NOT_EMPTY",
      "restored",
    ]);
    expect(differences(await storedRows(store), full.postgres.rows)).toEqual([]);
  });
});
