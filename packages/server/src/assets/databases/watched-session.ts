import { crossing } from "../../storage/crossing.ts";
import type { TargetSession } from "./target.ts";

/** The same session, each of whose calls is a crossing named by the first word of its statement, such as `target.commit`. */
export function watchedSession(session: TargetSession): TargetSession {
  return {
    kind: session.kind,
    serverVersion: session.serverVersion,
    get usable() {
      return session.usable;
    },
    query: (text, values) => crossing(`target.${firstWord(text)}`, () => session.query(text, values)),
    interrupt: () => session.interrupt(),
    reopen: () => crossing("target.reopen", () => session.reopen()),
    close: () => crossing("target.close", () => session.close()),
  };
}

function firstWord(statement: string): string {
  return /[a-z]+/i.exec(statement)?.[0].toLowerCase() ?? "statement";
}
