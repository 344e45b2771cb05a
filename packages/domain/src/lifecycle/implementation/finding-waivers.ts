import type { FindingSubject, RepositoryFinding } from "./repository-findings.ts";

/** A gap that a team has decided to bear until a day, written down with a reason and an owner. It allows every finding that is all of what it names. */
export interface FindingWaiver extends FindingSubject {
  readonly rule?: string | undefined;
  readonly reason: string;
  readonly owner: string;
  /** The last day (YYYY-MM-DD) on which it counts. */
  readonly until: string;
}

/** A waiver with where it is written. */
export interface PlacedWaiver extends FindingWaiver {
  readonly place: RepositoryFinding["place"];
}

/** A finding that is allowed, by whom and why. */
export interface WaivedRepositoryFinding extends RepositoryFinding {
  readonly waiver: PlacedWaiver;
}

/**
 * Parts findings into those that stand and those that a waiver allows. An expired waiver allows nothing and says so; one that nothing
 * needs is said as well, so that it cannot hide what comes later. `today` is YYYY-MM-DD.
 */
export function applyWaivers(
  findings: readonly RepositoryFinding[],
  waivers: readonly PlacedWaiver[],
  today: string,
): { readonly findings: readonly RepositoryFinding[]; readonly waived: readonly WaivedRepositoryFinding[] } {
  const waived: WaivedRepositoryFinding[] = [];
  const standing: RepositoryFinding[] = [];
  const used = new Set<PlacedWaiver>();
  for (const finding of findings) {
    const fitting = waivers.filter((waiver) => allows(waiver, finding));
    for (const waiver of fitting) used.add(waiver);
    const waiver = fitting.find(({ until }) => until >= today);
    if (waiver) waived.push({ ...finding, waiver });
    else standing.push(finding);
  }
  const flaws = waivers.flatMap((waiver): RepositoryFinding[] => {
    const base = { severity: "warning" as const, place: waiver.place, subject: {} };
    if (!used.has(waiver)) {
      const message = `The waiver of ${waiver.owner} allows nothing: there is no such finding.`;
      return [
        { ...base, rule: "waiver-unused", message, hint: "Take it out, so that it cannot hide what comes later." },
      ];
    }
    if (waiver.until >= today) return [];
    const message = `The waiver of ${waiver.owner} ended on ${waiver.until}.`;
    return [
      { ...base, rule: "waiver-expired", message, hint: "Close the gap, or decide anew until when it is borne." },
    ];
  });
  return { findings: [...standing, ...flaws], waived };
}

function allows(waiver: FindingWaiver, { rule, subject }: RepositoryFinding): boolean {
  if (waiver.rule !== undefined && waiver.rule !== rule) return false;
  const named = (["backend", "interface", "method", "route"] as const).filter((key) => waiver[key] !== undefined);
  return named.every((key) => waiver[key] === subject[key]);
}
