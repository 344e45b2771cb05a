import { createHash } from "node:crypto";
import { type ExaminedMigration, rehearsalFindings } from "@change-mgmt/analysis/rehearsal/findings.ts";
import { readingFindings } from "@change-mgmt/analysis/rehearsal/reading-findings.ts";
import { rehearse } from "@change-mgmt/analysis/rehearsal/rehearse.ts";
import type { DownReport, RehearsalEngine, WayBackProposal } from "@change-mgmt/analysis/rehearsal/report.ts";
import { ExaminationTooLong, examineTexts } from "@change-mgmt/analysis/sql/examine.ts";
import type { CheckedDraft, DraftMigrations, ProposedWayBack, RehearsedDraft } from "@change-mgmt/api/rehearsals.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { z } from "zod";
import { loadChange } from "../../storage/change-record.ts";
import type { Db } from "../../storage/store.ts";
import { baseMigrations } from "./base-migrations.ts";
import { judgedAround } from "./judged-around.ts";
import { judgedMigration } from "./rehearsal-words.ts";

type Draft = z.output<typeof DraftMigrations>;
type Checked = z.input<typeof CheckedDraft>;
type Rehearsed = z.input<typeof RehearsedDraft>;

export interface DraftTools {
  readonly db: Db;
  readonly cacheFolder: string;
  /** What rehearsals run on now. */
  readonly engine: () => Promise<RehearsalEngine>;
  readonly limits?: DraftLimits;
}

export interface DraftLimits {
  /** Characters of all texts together. */
  readonly characters: number;
  readonly statementMs: number;
  readonly totalMs: number;
}

/** Under what a proxy waits for an answer; what takes longer is for the rehearsal of the saved change, which has more time. */
export const DRAFT_LIMITS: DraftLimits = { characters: 200_000, statementMs: 10_000, totalMs: 45_000 };

/** Says what is wrong with migrations that are being written, and where, without running them. Refuses with DRAFT_TOO_LONG. */
export async function checkDraft(
  draft: Draft,
  signal: AbortSignal,
  limits: DraftLimits = DRAFT_LIMITS,
): Promise<Outcome<Checked>> {
  const examined = await examineDraft(draft, signal, limits);
  if (!examined.ok) return examined;
  const migrations = draft.migrations.map(({ id }, at) => ({ id, findings: readingFindings(examined.value[at]!) }));
  return accept({ migrations });
}

/** Rehearses drafts, and keeps the last answers in memory: the same texts on the same base come to the same. */
export class DraftRehearsals {
  readonly #tools: DraftTools;
  readonly #answers = new Map<string, Rehearsed>();

  constructor(tools: DraftTools) {
    this.#tools = tools;
  }

  /** Reads the draft, then runs it where nothing stands against that. Refusals: DRAFT_TOO_LONG, CHANGE_UNKNOWN. */
  async rehearse(draft: Draft, signal: AbortSignal): Promise<Outcome<Rehearsed>> {
    const { db, cacheFolder, limits = DRAFT_LIMITS } = this.#tools;
    const examined = await examineDraft(draft, signal, limits);
    if (!examined.ok) return examined;
    const change = draft.change === undefined ? undefined : await loadChange(db, draft.change);
    if (change && !change.ok) return change;
    const base = await baseMigrations(db, change?.value.id ?? null);
    const findings = examined.value.map(readingFindings);
    const unreadable = findings.findIndex((one) => one.some(({ severity }) => severity === "error"));
    if (unreadable >= 0) return accept(notRun(draft, findings, unreadable, base !== undefined));
    const engine = await this.#tools.engine();
    const key = createHash("sha256")
      .update(JSON.stringify([base ?? null, draft.migrations, engine.targetMajor ?? null]))
      .digest("base64url");
    const known = this.#answers.get(key);
    if (known) return accept(known);
    const { statementMs, totalMs } = limits;
    const report = await rehearse({
      base: base ?? [],
      engine,
      migrations: judgedAround(
        draft.migrations.map((migration) => ({ ...migration, name: nameOf(migration) })),
        base ?? [],
        engine,
      ),
      cacheFolder,
      limits: { statementMs, totalMs },
      propose: true,
      signal,
    });
    const judged = report.migrations.map((migration) => judgedMigration(migration, report, base !== undefined));
    const answer: Rehearsed = {
      baseKnown: base !== undefined,
      breaking: report.migrations.some(({ breaking }) => breaking),
      migrations: report.migrations.map((migration, at) => ({
        id: migration.id,
        outcome: judged[at]!.outcome,
        message: judged[at]!.report.message,
        report: judged[at]!.report,
        findings: [
          ...findings[at]!,
          ...softened(rehearsalFindings(examined.value[at]!, migration), judged[at]!.outcome !== "failed"),
        ],
        proposal: proposalOf(migration.proposal),
      })),
    };
    // What ran into the clock may come out otherwise on a quieter machine.
    if (report.ms < statementMs) this.#keep(key, answer);
    return accept(answer);
  }

  #keep(key: string, answer: Rehearsed): void {
    this.#answers.set(key, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > KEPT_ANSWERS && oldest !== undefined) this.#answers.delete(oldest);
  }
}

const KEPT_ANSWERS = 40;

async function examineDraft(
  { migrations }: Draft,
  signal: AbortSignal,
  limits: DraftLimits,
): Promise<Outcome<readonly ExaminedMigration[]>> {
  const length = migrations.reduce((sum, { up, down }) => sum + up.length + (down?.length ?? 0), 0);
  if (length > limits.characters) return tooLong(limits.characters);
  try {
    const texts = await examineTexts(
      migrations.flatMap(({ up, down }) => [up, down ?? ""]),
      { signal },
    );
    return accept(
      migrations.map(({ transactional, up, down }, at) => ({
        transactional,
        up: texts[2 * at]!,
        down: down === null ? null : texts[2 * at + 1]!,
        texts: { up, down },
      })),
    );
  } catch (error) {
    if (error instanceof ExaminationTooLong) return tooLong(limits.characters);
    throw error;
  }
}

/** The answer when something has to be mended first: what comes before and after could run, but only together with it. */
function notRun(
  { migrations }: Draft,
  findings: readonly ReturnType<typeof readingFindings>[],
  unreadable: number,
  baseKnown: boolean,
): Rehearsed {
  const first = nameOf(migrations[unreadable]!);
  return {
    baseKnown,
    breaking: false,
    migrations: migrations.map(({ id }, at) => ({
      id,
      outcome: "unreadable",
      message: findings[at]!.some(({ severity }) => severity === "error")
        ? "It has to be mended before it can be rehearsed."
        : `It is rehearsed together with ${first}, which has to be mended first.`,
      report: null,
      findings: findings[at]!,
      proposal: null,
    })),
  };
}

function proposalOf(proposal: WayBackProposal | null): z.input<typeof ProposedWayBack> | null {
  if (proposal === null) return null;
  const { sql, transactional, losses, obstacles, rehearsal } = proposal;
  return {
    sql,
    transactional,
    losses: [...losses],
    obstacles: [...obstacles],
    rehearsal: rehearsal && shown(rehearsal),
  };
}

function shown({ outcome, data, reason, dataReason, differences }: DownReport) {
  const left = differences.map(({ object, detail }) => ({ object, detail }));
  return { outcome, data, reason, dataReason, differences: left };
}

/** Where nothing is known of the base a failure is no error of the migration. */
function softened(findings: ReturnType<typeof rehearsalFindings>, soften: boolean) {
  return soften
    ? findings.map((one) => (one.rule === "up-fails" ? { ...one, severity: "warning" as const } : one))
    : findings;
}

function nameOf({ id, name }: Pick<Draft["migrations"][number], "id" | "name">): string {
  return name.trim() === "" ? id : name;
}

function tooLong(characters: number) {
  return refuse(
    "DRAFT_TOO_LONG",
    `This is too long to be tried while it is written: more than ${characters.toLocaleString("en")} characters, or too much to read at once.`,
    "It is rehearsed as soon as the change is saved.",
  );
}
