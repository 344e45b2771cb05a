import type { Change, MigrationArtifact } from "../change/change.ts";
import type { RehearsalFact, ReportFact, Situation } from "../change/situation.ts";

/** A situation in which nothing has happened yet; team core owns users, and nobody is known. */
export function aSituation(overrides: Partial<Situation> = {}): Situation {
  return {
    rehearsals: [],
    targets: [],
    reports: [],
    environments: [],
    occupied: [],
    hold: null,
    people: [],
    componentTeams: { users: "core" },
    now: "2026-01-10T00:00:00.000Z",
    ...overrides,
  };
}

/** A migration with its way back. */
export function aMigration(overrides: Partial<MigrationArtifact> = {}): MigrationArtifact {
  return { kind: "migration", id: "m1", name: "m1.sql", up: "UP", down: "DOWN", transactional: true, ...overrides };
}

/** A rehearsal of a change's content, as it is now, in which everything went well. */
export function aRehearsal(change: Pick<Change, "contentHash">, overrides: Partial<RehearsalFact> = {}): RehearsalFact {
  return {
    artifact: "m1",
    contentHash: change.contentHash,
    outcome: "passed",
    rollback: "exact",
    breaking: false,
    message: "one statement ran",
    rollbackMessage: "the schema was restored",
    ...overrides,
  };
}

/** A report of tests on a change's content, as it is now, without failures. */
export function aReport(change: Pick<Change, "contentHash">, overrides: Partial<ReportFact> = {}): ReportFact {
  const { contentHash } = change;
  return { kind: "tests", contentHash, passed: 3, failed: 0, at: "2026-01-09T00:00:00.000Z", ...overrides };
}
