import type { CompiledQuery } from "kysely";
import type { Db, Tx } from "./store.ts";

type Rows<Queries extends readonly CompiledQuery<unknown>[]> = {
  -readonly [N in keyof Queries]: Queries[N] extends CompiledQuery<infer Row> ? Row[] : never;
};

/**
 * Sends statements one behind the other over one connection, without waiting for an answer before the next, and answers with the rows of
 * each. They are carried out in their order, each seeing what those before it did. Throws the error of the first that fails; in a
 * transaction those behind it then do nothing.
 */
export async function together<const Queries extends readonly CompiledQuery<unknown>[]>(
  db: Db | Tx,
  queries: Queries,
): Promise<Rows<Queries>> {
  return await db.getExecutor().provideConnection(async (connection) => {
    const answers = await Promise.all(queries.map((query) => connection.executeQuery(query)));
    return answers.map(({ rows }) => rows) as Rows<Queries>;
  });
}
