import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { introspect } from "../introspection/introspect.ts";
import { rehearse } from "../rehearsal/rehearse.ts";
import type { MigrationReport } from "../rehearsal/report.ts";
import { splitStatements } from "../sql/statements.ts";
import { onDisposable } from "./disposable.ts";
import { type ProposedDown, proposeDown } from "./propose-down.ts";

/** A migration without a way back, and what comes before it. */
export interface MissingDown {
  /** What makes the schema before it, in order. */
  readonly base: readonly { readonly name: string; readonly sql: string }[];
  readonly name: string;
  readonly up: string;
  readonly transactional: boolean;
  readonly cacheFolder: string;
  /** The target's major version, or null for the usual. */
  readonly major: number | null;
}

/** A proposed way back and what its rehearsal showed; no rehearsal where nothing could be proposed. */
export interface RehearsedProposal {
  readonly down: ProposedDown;
  readonly report: MigrationReport | null;
}

/**
 * Proposes the way back of a migration and rehearses it with it. Refuses with SCHEMA_NOT_BUILT when the state before cannot be made or the
 * migration does not run on it.
 */
export async function rehearseProposedDown(missing: MissingDown): Promise<Outcome<RehearsedProposal>> {
  const { base, cacheFolder, major, name, up, transactional } = missing;
  const proposed = await onDisposable({ texts: base, cacheFolder, major }, async (engine) => {
    const before = await introspect(engine.query, { dependencies: true });
    const statements = await splitStatements(up);
    if (!statements.ok) return statements;
    try {
      if (transactional) await engine.run("begin");
      for (const { text } of statements.value) await engine.run(text);
      if (transactional) await engine.run("commit");
    } catch (error) {
      return refuse(
        "SCHEMA_NOT_BUILT",
        `${name} does not run: ${(error as Error).message}.`,
        "Correct the statement that check names.",
      );
    }
    return accept(proposeDown(before, await introspect(engine.query, { dependencies: true })));
  });
  if (!proposed.ok) return proposed;
  const down = proposed.value;
  if (down.sql === null) return accept({ down, report: null });
  const migration = { id: name, name, up, down: down.sql, transactional: transactional && down.transactional };
  const report = await rehearse({ base, migrations: [migration], cacheFolder });
  return accept({ down, report: report.migrations[0]! });
}
