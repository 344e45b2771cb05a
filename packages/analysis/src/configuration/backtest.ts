import { canonicalJson } from "@change-mgmt/domain/change/canonical-json.ts";
import { checkWindow } from "@change-mgmt/domain/lifecycle/deployment/window.ts";
import { factsFor } from "@change-mgmt/domain/process/facts.ts";
import type { Process } from "@change-mgmt/domain/process/process.ts";
import type { Given } from "./cases.ts";
import { explainProcess, type ProcessExplanation } from "./explain.ts";

/** A change as it was under a version of its process. */
export interface PastChange {
  readonly number: string;
  readonly title: string;
  readonly status: string;
  /** Hash of the version that it went by. */
  readonly hash: string;
  readonly given: Given;
  /** Deployments that were carried out, with the moment (RFC 3339) at which each was asked for. */
  readonly began: readonly { readonly environment: string; readonly at: string }[];
}

/** One thing that the proposed process says otherwise. Lists are those of the one that the other has not. */
export interface Otherwise {
  /** `risk`, `approvals for production`, `tests`, `window for production` … */
  readonly what: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface BacktestedChange {
  readonly number: string;
  readonly title: string;
  readonly status: string;
  readonly otherwise: readonly Otherwise[];
}

export interface Backtest {
  readonly changes: number;
  /** Changes of which the proposed process says something otherwise, in the order given. */
  readonly differing: readonly BacktestedChange[];
  /** In how many changes each thing differs, the most frequent first; `ways` counts from what to what where that is one word. */
  readonly sums: readonly {
    readonly what: string;
    readonly changes: number;
    readonly ways: readonly { readonly before: string; readonly after: string; readonly changes: number }[];
  }[];
}

/**
 * What a proposed process would have said of past changes, beside what the version said that each went by: form, team, conclusions,
 * approvals, tests, steps, way back, what is owed afterwards, and whether a window was open when each deployment began. Who would have
 * voted how nobody can know: approvals are what would have been asked for.
 */
export function backtest(
  history: readonly PastChange[],
  versions: ReadonlyMap<string, Process>,
  proposed: Process,
): Backtest {
  return summed(
    history.map((past) => {
      const version = versions.get(past.hash);
      if (version === undefined) throw new Error(`no version ${past.hash} for ${past.number}`);
      return backtestOne(past, version, proposed);
    }),
  );
}

/** What a proposed process would have said of one past change, beside what the version said that it went by. */
export function backtestOne(past: PastChange, version: Process, proposed: Process): BacktestedChange {
  const { number, title, status } = past;
  return { number, title, status, otherwise: differences(past, version, proposed) };
}

/** Changes that were held against a proposed process, with what differs in sum. */
export function summed(all: readonly BacktestedChange[]): Backtest {
  return { changes: all.length, differing: all.filter(({ otherwise }) => otherwise.length > 0), sums: sumsOf(all) };
}

function differences(past: PastChange, version: Process, proposed: Process): readonly Otherwise[] {
  const [was, is] = [explainProcess(version, past.given), explainProcess(proposed, past.given)];
  const found: Otherwise[] = [];
  const compare = (what: string, before: unknown, after: unknown) => {
    const [one, other] = Array.isArray(before) && Array.isArray(after) ? apart(before, after) : [before, after];
    if (canonicalJson(one ?? null) !== canonicalJson(other ?? null))
      found.push({ what, before: one ?? null, after: other ?? null });
  };
  compare("form", problemsIn(was), problemsIn(is));
  compare("team", was.route.team, is.route.team);
  for (const name of new Set([...conclusionsOf(version), ...conclusionsOf(proposed)]))
    compare(name, was.facts[name], is.facts[name]);
  const environments = new Set([...was.approvals, ...is.approvals].map(({ environment }) => environment));
  for (const environment of environments)
    compare(`approvals for ${environment}`, approvalsFor(was, environment), approvalsFor(is, environment));
  compare("tests", testsIn(was), testsIn(is));
  compare(
    "steps",
    was.steps.map(({ id }) => id),
    is.steps.map(({ id }) => id),
  );
  compare("rehearsal of the way back", was.rollback.rehearsed, is.rollback.rehearsed);
  compare("days of watching", was.afterwards.monitoringDays, is.afterwards.monitoringDays);
  compare("owed before closing", was.afterwards.obligations, is.afterwards.obligations);
  for (const { environment, at } of past.began) {
    const [before, after] = [
      windowAt(version, was, past, environment, at),
      windowAt(proposed, is, past, environment, at),
    ];
    if (before !== after) found.push({ what: `window for ${environment}`, before, after });
  }
  return found;
}

/** The members of each list that the other has not. */
function apart(before: readonly unknown[], after: readonly unknown[]): [unknown[], unknown[]] {
  return [before.filter((one) => !after.includes(one)), after.filter((one) => !before.includes(one))];
}

function conclusionsOf({ derived, bands = [], scores = [] }: Process): readonly string[] {
  return [...derived, ...bands, ...scores].map(({ name }) => name);
}

function problemsIn({ form }: ProcessExplanation): readonly string[] {
  return form.map(({ code, place }) => `${code} ${place?.pointer ?? ""}`.trim());
}

function approvalsFor({ approvals }: ProcessExplanation, environment: string): readonly string[] {
  return approvals.find((one) => one.environment === environment)?.requirements ?? [];
}

function testsIn({ tests }: ProcessExplanation): readonly string[] {
  return tests.due.map(({ kind, due }) => `${kind} ${due}`);
}

function windowAt(process: Process, said: ProcessExplanation, { given }: PastChange, environment: string, at: string) {
  const open = checkWindow(process, factsFor(process, said.facts, environment), given.fields, at);
  return open.ok ? "open" : open.refusal.code;
}

function sumsOf(all: readonly BacktestedChange[]): Backtest["sums"] {
  const found = all.flatMap(({ number, otherwise }) => otherwise.map((one) => ({ number, ...one })));
  return [...Map.groupBy(found, ({ what }) => what)]
    .map(([what, ones]) => ({ what, changes: new Set(ones.map(({ number }) => number)).size, ways: waysOf(ones) }))
    .sort((one, other) => other.changes - one.changes || (one.what < other.what ? -1 : 1));
}

function waysOf(ones: readonly Otherwise[]) {
  const words = ones.filter(({ before, after }) => !Array.isArray(before) && !Array.isArray(after));
  return [...Map.groupBy(words, ({ before, after }) => JSON.stringify([before, after]))]
    .map(([, [one, ...more]]) => ({
      before: String(one!.before ?? "not known"),
      after: String(one!.after ?? "not known"),
      changes: more.length + 1,
    }))
    .sort((one, other) => other.changes - one.changes);
}
