import type { PGlite } from "@electric-sql/pglite";

/** What an answer of the engine is looked at for. */
interface Answer {
  readonly name: string;
  readonly severity?: string | undefined;
  readonly message?: string;
}

const ENDS = new Set(["FATAL", "PANIC"]);

/**
 * Lets the process, or the worker thread, that owns an embedded database end when its engine says that it cannot go on, such as for a full
 * disk. A server of Postgres would end and start anew; this engine stays, answers nonsense or nothing at all, and only opening it again
 * brings back what was committed.
 */
export function endWithEngine(database: PGlite, place: string): void {
  const ask = database.execProtocolStream.bind(database);
  const end = (why: string) =>
    process.nextTick(() => {
      throw new Error(
        `The embedded database in ${place} cannot go on: ${why}. Nothing that was answered as done is lost. See that the disk has room and works, and start again.`,
      );
    });
  database.execProtocolStream = async (...asked) => {
    let answers: Awaited<ReturnType<typeof ask>>;
    try {
      answers = await ask(...asked);
    } catch (error) {
      // Whoever is told in the middle of closing has no use for it any more.
      if (!database.closed) end(String(error));
      throw error;
    }
    const last = (answers as readonly Answer[]).find(
      ({ name, severity }) => name === "error" && ENDS.has(severity ?? ""),
    );
    if (last) end(`${last.severity}: ${last.message}`);
    return answers;
  };
}
