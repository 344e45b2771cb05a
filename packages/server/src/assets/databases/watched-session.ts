import { crossing } from "../../storage/crossing.ts";
import { ofTarget } from "./connection-loss.ts";
import type { TargetSession } from "./target.ts";

/** The same session, each of whose calls is a crossing named by the first word of its statement, such as `target.commit`. */
export function watchedSession(session: TargetSession): TargetSession {
  return {
    kind: session.kind,
    serverVersion: session.serverVersion,
    get usable() {
      return session.usable;
    },
    async query(text, values) {
      try {
        return await crossing(`target.${firstWord(text)}`, () => session.query(text, values));
      } catch (error) {
        // What a watch lets fail here fails as the session's own.
        throw ofTarget(error);
      }
    },
    interrupt: () => session.interrupt(),
    reopen: () => crossing("target.reopen", () => session.reopen()),
    close: () => crossing("target.close", () => session.close()),
  };
}

function firstWord(statement: string): string {
  return /[a-z]+/i.exec(statement)?.[0].toLowerCase() ?? "statement";
}
