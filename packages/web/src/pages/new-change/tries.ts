import type { CallInput, CallOutput } from "@change-mgmt/api/client.ts";
import type { Problem } from "@change-mgmt/api/problem.ts";
import type { Artifact } from "../../data/types.ts";

export type Draft = CallInput<"rehearsals.try">["body"];
export type Checked = CallOutput<"rehearsals.check">;
export type Rehearsed = CallOutput<"rehearsals.try">;
export type DraftFinding = Checked["migrations"][number]["findings"][number];
export type TriedMigration = Rehearsed["migrations"][number];

/** What is known of the migrations as they are written. What was known of the text before stays until the newer is known. */
export interface Tries {
  /** Which text it is about; null when there is nothing to try. */
  readonly key: string | null;
  readonly state: "nothing" | "typing" | "running" | "done" | "refused";
  /** By migration id. */
  readonly findings: Readonly<Record<string, readonly DraftFinding[]>>;
  readonly rehearsed: Rehearsed | null;
  readonly problem: Problem | null;
}

export type Told =
  | { readonly type: "written"; readonly key: string | null }
  | { readonly type: "checked"; readonly key: string; readonly answer: Checked }
  | { readonly type: "running"; readonly key: string }
  | { readonly type: "rehearsed"; readonly key: string; readonly answer: Rehearsed }
  | { readonly type: "refused"; readonly key: string; readonly problem: Problem };

export const NOTHING_TRIED: Tries = { key: null, state: "nothing", findings: {}, rehearsed: null, problem: null };

/** What is known after something was told. An answer about a text that is not there any more changes nothing. */
export function afterTold(tries: Tries, told: Told): Tries {
  if (told.type === "written") {
    if (told.key === null) return NOTHING_TRIED;
    return told.key === tries.key ? tries : { ...tries, key: told.key, state: "typing", problem: null };
  }
  if (told.key !== tries.key) return tries;
  switch (told.type) {
    case "checked":
      return { ...tries, findings: withFindings(tries.findings, told.answer), problem: null };
    case "running":
      return { ...tries, state: "running", problem: null };
    case "rehearsed":
      return { ...tries, state: "done", findings: findingsOf(told.answer), rehearsed: told.answer, problem: null };
    case "refused":
      return { ...tries, state: "refused", problem: told.problem };
  }
}

/** What reading alone has found; what an earlier rehearsal found stays where the reading has nothing against it, so that nothing flickers. */
function withFindings(before: Tries["findings"], answer: Checked): Tries["findings"] {
  const read = answer.migrations.map(({ id, findings }) => {
    const broken = findings.some(({ severity }) => severity === "error");
    const kept = broken ? [] : (before[id] ?? []).filter(({ from }) => from === "rehearsal");
    return [id, [...findings, ...kept]] as const;
  });
  return Object.fromEntries(read);
}

function findingsOf({ migrations }: Checked | Rehearsed): Tries["findings"] {
  return Object.fromEntries(migrations.map(({ id, findings }) => [id, findings]));
}

/** Whether reading found something that has to be mended before anything can run. */
export function hasErrors({ migrations }: Checked): boolean {
  return migrations.some(({ findings }) => findings.some(({ severity }) => severity === "error"));
}

/** The migrations of a form as they can be tried, without their names, which change nothing; null while none says anything. */
export function draftOf(artifacts: readonly Artifact[], change: string | undefined): Draft | null {
  const migrations = artifacts.flatMap((artifact) =>
    artifact.kind === "migration"
      ? [
          {
            id: artifact.id,
            up: artifact.up,
            down: saidOf(artifact.down),
            transactional: artifact.transactional,
            ...(artifact.tool === undefined ? {} : { tool: artifact.tool }),
          },
        ]
      : [],
  );
  if (migrations.every(({ up, down }) => up.trim() === "" && down === null)) return null;
  return { migrations, ...(change === undefined ? {} : { change }) };
}

/** A way back as it counts: null where nothing but blanks was typed. */
export function saidOf(down: string | null): string | null {
  return down === null || down.trim() === "" ? null : down;
}

/** What was found of one migration and one part of it. */
export function findingsFor(tries: Tries, id: string, part: "up" | "down"): readonly DraftFinding[] {
  return (tries.findings[id] ?? []).filter((finding) => finding.part === part);
}

/** The way back that could be written for a migration as it stands now; null while that is not known. */
export function proposalFor(tries: Tries, id: string): TriedMigration["proposal"] {
  if (tries.state !== "done") return null;
  return tries.rehearsed?.migrations.find((migration) => migration.id === id)?.proposal ?? null;
}
