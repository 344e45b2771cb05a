import { isDeepStrictEqual } from "node:util";
import type { Change } from "@change-mgmt/domain/change/change.ts";
import { type Part, partsOf, type Searched } from "@change-mgmt/domain/search/parts.ts";
import type { Term } from "@change-mgmt/domain/search/query.ts";
import { runsOf } from "@change-mgmt/domain/search/words.ts";
import { type CompiledQuery, sql } from "kysely";
import { idBefore } from "./ids.ts";
import type { Db, Tx } from "./store.ts";
import { together } from "./together.ts";

/** Postgres refuses a longer document; what comes after this many bytes of different words is not searched. */
const MOST_BYTES = 700_000;
/** Positions of one word that Postgres keeps, and the last position there is. */
const MOST_POSITIONS = 256;
const LAST_POSITION = 16_383;
const BATCH = 100;
const FEW = 200;
/** Clocks of processes differ, and what an open transaction has written is not seen yet: so far back is looked again. */
const OVERLAP_MS = 3_600_000;

/** Whether nothing that is searched differs between two states of a change; its comments are apart from it. */
export function isSearchedAlike(before: Change | undefined, change: Change): boolean {
  return before !== undefined && isDeepStrictEqual(ownParts(before), ownParts(change));
}

/** The statements that bring the search document of a change up to date, where what is searched of it, or a comment, is another. */
export async function searchWrites(
  tx: Tx,
  change: Change,
  before: Change | undefined,
): Promise<CompiledQuery<unknown>[]> {
  const comments = before === undefined ? [] : await commentsOf(tx, change.id);
  const parts = partsOf({ ...change, comments });
  return [writeDocument(tx, change, parts)];
}

function ownParts(change: Change): readonly Part[] {
  return partsOf({ ...change, comments: [] });
}

async function commentsOf(tx: Tx, changeId: string): Promise<Searched["comments"]> {
  return await tx
    .selectFrom("change_comments")
    .select(["author", "text"])
    .where("change_id", "=", changeId)
    .orderBy("id")
    .execute();
}

/**
 * Makes the search documents that are missing or older than their change: of all changes where that was never done, as after an upgrade
 * or a restored backup; after that of those in which something has happened since the last time, also by an earlier release that knows
 * no documents. Its cost grows with what has happened, not with what there is.
 */
export async function makeSearchable(db: Db, now: Date = new Date()): Promise<number> {
  const state = await db.selectFrom("search_state").select("made_through").where("id", "=", 1).executeTakeFirst();
  const since = state && idBefore(new Date(state.made_through.getTime() - OVERLAP_MS));
  const { rows } = await sql<{ id: string }>`
    SELECT c.id FROM change_mgmt.change_requests c LEFT JOIN change_mgmt.change_search s ON s.change_id = c.id
    WHERE (s.change_version IS NULL OR s.change_version < c.version)
      AND ${since === undefined ? sql`true` : sql`c.id IN (SELECT change_id FROM change_mgmt.audit_trail WHERE id > ${since}::uuid)`}`.execute(
    db,
  );
  for (let at = 0; at < rows.length; at += BATCH) {
    const ids = rows.slice(at, at + BATCH).map(({ id }) => id);
    await db.transaction().execute(async (tx) => {
      for (const [id, searched] of await loadSearched(tx, ids)) {
        const parts = partsOf(searched);
        await tx.executeQuery(writeDocument(tx, { id, version: searched.version }, parts));
      }
    });
  }
  await sql`INSERT INTO change_mgmt.search_state AS s (id, made_through) VALUES (1, ${now})
    ON CONFLICT (id) DO UPDATE SET made_through = greatest(s.made_through, excluded.made_through)`.execute(db);
  return rows.length;
}

/** What of some changes is searched, by their UUIDs. */
export async function loadSearched(
  db: Db | Tx,
  ids: readonly string[],
): Promise<Map<string, Searched & { readonly version: number }>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("change_requests")
    .select(["id", "number", "title", "description", "metadata", "artifacts", "version"])
    .where("id", "in", ids)
    .execute();
  const comments = Map.groupBy(
    await db
      .selectFrom("change_comments")
      .select(["change_id", "author", "text"])
      .where("change_id", "in", ids)
      .orderBy("change_id")
      .orderBy("id")
      .execute(),
    (comment) => comment.change_id,
  );
  return new Map(
    rows.map(({ metadata, ...row }) => {
      const { fields, assessment } = (metadata ?? {}) as { fields?: unknown; assessment?: unknown };
      return [row.id, { ...row, fields, assessment, comments: comments.get(row.id) ?? [] }];
    }),
  );
}

/** What is looked for as Postgres takes it; nothing where it asks for nothing. */
export function searchQuery(terms: readonly Term[]): string | undefined {
  if (terms.length === 0) return undefined;
  return terms
    .map(({ negated, alternatives }) => {
      const sequences = alternatives.map(
        ({ words, open }) =>
          `(${words.map((word, n) => `'${word}'${open && n === words.length - 1 ? ":*" : ""}`).join(" <-> ")})`,
      );
      return `${negated ? "!" : ""}(${sequences.join(" | ")})`;
    })
    .join(" & ");
}

/**
 * The UUIDs of all changes that a search finds, where they are few; undefined where they are many. Asked together with an order, Postgres
 * would take every word for a common one and read document after document in that order, which for a rare word are all there are.
 */
export async function findFew(db: Db, terms: readonly Term[]): Promise<readonly string[] | undefined> {
  const sought = searchQuery(terms)!;
  const required = terms.filter(({ negated }) => !negated);
  if (required.length > 1) {
    const each = await together(
      db,
      required.map((term) => found(db, searchQuery([term])!)),
    );
    const rarest = each.reduce((fewer, rows) => (rows.length < fewer.length ? rows : fewer));
    if (rarest.length === 0) return [];
    if (rarest.length <= FEW) return await those(db, rarest, sought);
  }
  const [rows] = await together(db, [found(db, sought)]);
  return rows.length > FEW ? undefined : rows.map((row) => row.change_id);
}

function found(db: Db, sought: string): CompiledQuery<{ change_id: string }> {
  return db
    .selectFrom("change_search")
    .select("change_id")
    .where(sql<boolean>`document @@ ${sought}::tsquery`)
    .limit(FEW + 1)
    .compile();
}

/** Those of a few changes that a search finds. Their documents are read: an index of words would first go through all that have the common ones. */
async function those(db: Db, few: readonly { readonly change_id: string }[], sought: string): Promise<string[]> {
  const rows = await db
    .selectFrom("change_search")
    .select("change_id")
    .where(
      "change_id",
      "in",
      few.map((row) => row.change_id),
    )
    .where(sql<boolean>`(document @@ ${sought}::tsquery) IS TRUE`)
    .execute();
  return rows.map((row) => row.change_id);
}

function writeDocument(
  tx: Tx,
  change: { readonly id: string; readonly version: number },
  parts: readonly Part[],
): CompiledQuery<unknown> {
  const row = {
    change_version: change.version,
    document: sql<string>`${documentOf(parts)}::tsvector`,
  };
  return (
    tx
      .insertInto("change_search")
      .values({ ...row, change_id: change.id })
      // Who brings old documents up to date may come after somebody who writes.
      .onConflict((conflict) =>
        conflict
          .column("change_id")
          .doUpdateSet(row)
          .whereRef("change_search.change_version", "<=", "excluded.change_version"),
      )
      .compile()
  );
}

/** The words of some texts with their positions. The whole of a run stands where it begins and where it ends, so that it has neighbours. */
function documentOf(parts: readonly Part[]): string {
  const words = new Map<string, number[]>();
  let position = 0;
  let bytes = 0;
  const put = (word: string, at: number) => {
    const known = words.get(word);
    const capped = Math.min(at, LAST_POSITION);
    if (known?.at(-1) === capped || known?.length === MOST_POSITIONS) return;
    bytes += known ? 2 : Buffer.byteLength(word) + 8;
    if (known) known.push(capped);
    else words.set(word, [capped]);
  };
  for (const { text } of parts) {
    for (const { text: whole, pieces } of runsOf(text)) {
      put(whole, position + 1);
      for (const piece of pieces) put(piece.text, ++position);
      put(whole, position);
      if (bytes > MOST_BYTES) return written(words);
    }
    // No sequence of words goes on from one text to the next.
    position += 1;
  }
  return written(words);
}

function written(words: ReadonlyMap<string, readonly number[]>): string {
  return [...words].map(([word, positions]) => `'${word}':${positions.join(",")}`).join(" ");
}
