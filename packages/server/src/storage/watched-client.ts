import type pg from "pg";
import { crossing } from "./crossing.ts";
import { PipelinedClient } from "./pipelined-client.ts";

type Answer = pg.QueryResult | undefined;
type Callback = (error: Error | null, answer: Answer) => void;

/**
 * A connection to the store each of whose calls is a crossing: `store.connect`, and `store.update.deployments` for a statement, named by its
 * first word and by the first table of ours that it speaks of. Only for a process whose crossings are watched.
 */
export class WatchedClient extends PipelinedClient {
  #last: Promise<unknown> = Promise.resolve();

  override connect(callback?: unknown): never {
    const connected = crossing("store.connect", () => super.connect());
    return answered(connected, callback as Callback | undefined) as never;
  }

  override query(statement: unknown, values?: unknown, callback?: unknown): never {
    // What reads row by row speaks to the connection itself.
    if (isSubmittable(statement)) return super.query(statement as never) as never;
    const told = (typeof values === "function" ? values : callback) as Callback | undefined;
    const given = typeof values === "function" ? undefined : values;
    // One after the other, so that each meets the state that those before it have left.
    const asked = this.#last.then(() =>
      crossing(crossingOf(statement), () => super.query(statement, given) as Promise<Answer>),
    );
    this.#last = asked.catch(() => undefined);
    return answered(asked, told) as never;
  }
}

/** The pool calls back, everybody else awaits. */
function answered(call: Promise<Answer | unknown>, callback: Callback | undefined): Promise<unknown> | undefined {
  if (callback === undefined) return call;
  call.then(
    (answer) => callback(null, answer as Answer),
    (error: Error) => callback(error, undefined),
  );
  return undefined;
}

function isSubmittable(statement: unknown): boolean {
  return typeof (statement as { submit?: unknown } | null)?.submit === "function";
}

/** Where a statement crosses over: `store.commit`, `store.insert.outbox`. */
export function crossingOf(statement: unknown): string {
  const text = typeof statement === "string" ? statement : String((statement as { text?: string } | null)?.text);
  const verb = /[a-z]+/i.exec(text)?.[0].toLowerCase() ?? "statement";
  const table = /change_mgmt(?:_jobs)?"?\."?([a-z_]+)/.exec(text)?.[1];
  return table === undefined ? `store.${verb}` : `store.${verb}.${table}`;
}
