import type { OpeningQuestion } from "./opening.ts";
import { decideSchedule } from "./schedule.ts";

/** A deployment as far as it can get in another's way. */
export interface PlannedDeployment {
  readonly change: string;
  readonly title: string;
  readonly environment: string;
  /** RFC 3339 UTC. */
  readonly at: string;
  readonly components: readonly string[];
  /** Tables that its rehearsal saw it lock, such as `public.users`. */
  readonly tables: readonly string[];
}

export const CONFLICT_KINDS = ["not-possible", "environment", "table", "component"] as const;

/** Something to know before a deployment is put down. Only what is not possible keeps it from being put down. */
export interface Conflict {
  readonly kind: (typeof CONFLICT_KINDS)[number];
  /** A sentence. */
  readonly message: string;
  readonly hint?: string;
  /** The number of the other change, where there is one. */
  readonly change?: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * What stands against a deployment to an environment at a moment, the worst first: that nothing may start then (a freeze, no window), another
 * that is put down for the same environment within an hour, and others within a day, wherever they go, that lock the same tables or belong
 * to the same components.
 */
export function conflictsAt(
  question: OpeningQuestion,
  own: Omit<PlannedDeployment, "change" | "title">,
  planned: readonly PlannedDeployment[],
): readonly Conflict[] {
  const { environment, at } = own;
  const possible = decideSchedule(question, environment, at);
  const conflicts: Conflict[] = possible.ok
    ? []
    : [{ kind: "not-possible", message: possible.refusal.message, hint: possible.refusal.hint }];
  const others = planned
    .filter(({ change, ...other }) => change !== question.change.number || other.environment !== environment)
    .map((other) => ({ other, apart: Math.abs(Date.parse(other.at) - Date.parse(at)) }));
  for (const { other, apart } of others) {
    if (other.environment === environment && apart < HOUR_MS)
      conflicts.push(conflictWith("environment", other, [environment]));
  }
  for (const kind of ["table", "component"] as const) {
    const of = kind === "table" ? "tables" : "components";
    for (const { other, apart } of others) {
      const shared = other.change === question.change.number ? [] : other[of].filter((name) => own[of].includes(name));
      if (apart < DAY_MS && shared.length > 0) conflicts.push(conflictWith(kind, other, shared));
    }
  }
  return conflicts;
}

function conflictWith(
  kind: "environment" | "table" | "component",
  { change, title, environment, at }: PlannedDeployment,
  shared: readonly string[],
): Conflict {
  const what = {
    environment: "goes to the same environment",
    table: `locks ${shared.join(", ")} as well`,
    component: `belongs to ${shared.join(", ")} as well`,
  }[kind];
  return { kind, change, message: `${change} "${title}" ${what}: it begins in ${environment} at ${at}.` };
}
