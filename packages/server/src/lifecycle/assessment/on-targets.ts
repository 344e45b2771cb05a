import type { MigrationReport } from "@change-mgmt/analysis/rehearsal/report.ts";
import type { OnTarget } from "@change-mgmt/api/on-target.ts";
import type { Outcome, Refusal } from "@change-mgmt/domain/change/refusal.ts";
import { BASIS, onTarget } from "@change-mgmt/domain/lifecycle/assessment/on-target.ts";
import type { z } from "zod";
import { type Looked, lookAtEnvironment } from "../../assets/databases/look-at-environment.ts";
import type { TargetEnvironment, Targets } from "../../assets/databases/target.ts";
import { currentConfiguration } from "../../storage/configuration-record.ts";
import type { Db } from "../../storage/store.ts";

/** A migration as its rehearsal reported it, as far as targets are concerned. */
export interface RehearsedMigration
  extends Pick<MigrationReport, "name" | "transactional" | "statements" | "rehearsal"> {
  readonly artifact: string;
}

/** What became of looking at the database of one environment. */
export interface TargetLookRow {
  readonly environment: string;
  readonly looked: Outcome<Looked>;
}

type Preview = z.input<typeof OnTarget>;

/** Looks at the databases of these environments, all at once, for what the migrations touch; embedded ones are left out. */
export async function lookAtTargets(
  db: Db,
  targets: Targets,
  environments: readonly string[],
  migrations: readonly RehearsedMigration[],
): Promise<TargetLookRow[]> {
  const configured = (await currentConfiguration(db))?.document.environments ?? [];
  const relations = relationsOf(migrations);
  const places = configured.filter(
    ({ name, database }) => environments.includes(name) && !database.startsWith("embedded:"),
  );
  return await Promise.all(
    places.map(async (environment: TargetEnvironment) => ({
      environment: environment.name,
      looked: await lookAtEnvironment(targets, environment, relations),
    })),
  );
}

/** Relations that the migrations lock, rewrite or read. */
export function relationsOf(migrations: readonly RehearsedMigration[]): string[] {
  const statements = migrations.flatMap((migration) => migration.statements);
  const all = statements.flatMap(({ locks, rewrites, scans }) => [
    ...locks.map(({ relation }) => relation),
    ...rewrites,
    ...scans,
  ]);
  return [...new Set(all)];
}

/** What the migrations come to where it was looked, or why that is not known. */
export function previewOf(
  environment: string,
  looked: Outcome<Looked>,
  migrations: readonly RehearsedMigration[],
): Preview {
  if (!looked.ok) return unknown(environment, looked.refusal);
  const { look, earlier } = looked.value;
  const judged = migrations.map(({ artifact, name, transactional, statements, rehearsal }) => {
    const found = onTarget(statements, transactional, look, earlier);
    // Of statements that were never reached nobody knows what they do.
    const whole = rehearsal.up.outcome === "ok" ? {} : { rewrittenBytes: null, blockedSeconds: null };
    return { artifact, name, ...found, ...whole };
  });
  const unrun = migrations.filter(({ rehearsal }) => rehearsal.up.outcome !== "ok").map(({ name }) => name);
  return {
    environment,
    at: look.at,
    postgres: look.postgres,
    notKnown: [
      ...look.unreadable,
      ...unrun.map((name) => `The rehearsal did not run all of ${name}; what the rest does is not known.`),
    ],
    rewrittenBytes: total(judged.map(({ rewrittenBytes }) => rewrittenBytes)),
    blockedSeconds: longest(judged.map(({ blockedSeconds }) => blockedSeconds)),
    basis: BASIS,
    migrations: judged.map(({ artifact, name, statements }) => ({
      artifact,
      name,
      statements: statements.map((statement) => ({
        ...statement,
        words: [...statement.words],
        locks: statement.locks.map((lock) => ({ ...lock, heldUpBy: [...lock.heldUpBy] })),
      })),
    })),
    replicas: look.replicas === null ? null : [...look.replicas],
    settings: { ...look.settings },
  };
}

function unknown(environment: string, { message, hint }: Refusal): Preview {
  return {
    environment,
    at: null,
    postgres: null,
    notKnown: [`${message} ${hint}`],
    rewrittenBytes: null,
    blockedSeconds: null,
    basis: BASIS,
    migrations: [],
    replicas: null,
    settings: {},
  };
}

function total(amounts: readonly (number | null)[]): number | null {
  return amounts.reduce((sum, amount) => (sum === null || amount === null ? null : sum + amount), 0);
}

function longest(amounts: readonly (number | null)[]): number | null {
  return amounts.reduce((most, amount) => (most === null || amount === null ? null : Math.max(most, amount)), 0);
}
