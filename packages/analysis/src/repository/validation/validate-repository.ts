import type { FindingWaiver } from "@change-mgmt/domain/lifecycle/implementation/finding-waivers.ts";
import { applyWaivers, type PlacedWaiver } from "@change-mgmt/domain/lifecycle/implementation/finding-waivers.ts";
import {
  judgeEndpoints,
  judgeMethods,
  type RepositoryFinding,
  routeText,
} from "@change-mgmt/domain/lifecycle/implementation/repository-findings.ts";
import { finished, type RawFinding } from "../../check/findings.ts";
import type { WaivedFinding } from "../../check/report.ts";
import { readCalls } from "../clients/read-calls.ts";
import { openCodeBase } from "../code-base.ts";
import type { HandOut } from "../implementations/backends.ts";
import {
  type ImplementationFacts,
  type ImplementationSettings,
  readImplementations,
} from "../implementations/read-implementations.ts";
import type { RepositoryReader, Trouble } from "../reader.ts";
import { readRoutes } from "../routes/read-routes.ts";
import type { Unresolved } from "../routes/route.ts";
import type { FileFindings, RepositoryReport } from "./report.ts";

/** What a repository has settled about being validated. */
export interface ValidationSettings extends ImplementationSettings {
  /** Routes that no client is asked for: `/path` or `METHOD /path`, parameters as `{}`. */
  readonly internalRoutes?: readonly string[];
  readonly waivers?: readonly PlacedWaiver[];
}

export type { FindingWaiver, PlacedWaiver };

/** Validates the implementation of a repository: methods in every backend, routes and calls in both directions. `today` (YYYY-MM-DD) is what waivers end by. */
export function validateRepository(
  reader: RepositoryReader,
  settings: ValidationSettings,
  today: string,
): RepositoryReport {
  const code = openCodeBase(reader);
  const implementations = readImplementations(code, settings);
  const { routes, unresolved: openRoutes } = readRoutes(code);
  const { calls, unresolved: openCalls } = readCalls(code);
  const endpoints = judgeEndpoints(routes, calls, settings.internalRoutes ?? []);
  const all = [
    ...code.sources.troubles.map(ofTrouble),
    ...judgeMethods(implementations.cells),
    ...besides(implementations),
    ...endpoints.findings,
    // Where a repository has no routes of its own, its calls go to others and are nobody's matter here.
    ...[...openRoutes, ...(routes.length > 0 ? openCalls : [])].map(ofUnresolved),
  ];
  const { findings, waived } = applyWaivers(all, settings.waivers ?? [], today);
  const calledBy = Map.groupBy(
    calls.filter((call) => "to" in (endpoints.matches.get(call) ?? {})),
    (call) => (endpoints.matches.get(call) as { to: (typeof routes)[number] }).to,
  );
  return {
    interfaces: implementations.interfaces.map(({ name, place, methods }) => ({
      name,
      place,
      methods: methods.length,
    })),
    backends: [...new Set(implementations.backends.map(({ name }) => name))],
    methods: implementations.cells.map(({ interface: name, method, backend, state, place }) => ({
      interface: name,
      method,
      backend,
      state,
      place,
    })),
    routes: routes.map((route) => ({
      route: routeText(route),
      framework: route.framework,
      place: route.place,
      calledBy: (calledBy.get(route) ?? []).map(({ by, place }) => ({ by, place })),
    })),
    calls: calls.map((call) => {
      const match = endpoints.matches.get(call);
      const route = match && "to" in match ? routeText(match.to) : null;
      return {
        by: call.by,
        call: routeText(call),
        place: call.place,
        route,
        elsewhere: match !== undefined && "elsewhere" in match,
      };
    }),
    files: byFile(findings, waived, (file) => code.sources.text(file)),
    notes: notesOn(implementations, routes.length, calls.length),
  };
}

/** What stands beside the matrix: implementations handed out in place of one's own, and what of interfaces could not be followed. */
function besides({ handOuts, cells, interfaces }: ImplementationFacts): RepositoryFinding[] {
  const told = ({ backend, interface: one }: HandOut) =>
    cells.some((cell) => cell.backend === backend && cell.interfacePlace === one.place && cell.implementation === null);
  const handed = handOuts
    .filter((each) => !told(each))
    .map((each): RepositoryFinding => {
      const { backend, implementation, implementationBackend, by, place } = each;
      return {
        rule: "other-backend-handed-out",
        severity: "warning",
        place,
        message: `${by} hands out ${implementation.name} of ${implementationBackend} where one of ${backend} is expected.`,
        hint: `Make the one of ${backend}, or call it after what it hands out.`,
        subject: { backend, interface: each.interface.name },
      };
    });
  const open = interfaces.flatMap(({ name, place, unresolved }) =>
    unresolved.map((why) => ofUnresolved({ what: name, why, place })),
  );
  return [...handed, ...open];
}

function ofTrouble({ rule, message, file, line, column }: Trouble): RepositoryFinding {
  const severity = rule === "too-big" ? "info" : "warning";
  const hint = "What it holds was not looked at, or only in part.";
  return { rule, severity, place: { file, line, column }, message, hint, subject: {} };
}

function ofUnresolved({ what, why, place }: Unresolved): RepositoryFinding {
  const message = `${what.charAt(0).toUpperCase()}${what.slice(1)} could not be followed: ${why}.`;
  return { rule: "unresolved", severity: "info", place, message, hint: "Look at it yourself.", subject: {} };
}

function notesOn({ interfaces, backends, beside, idle }: ImplementationFacts, routes: number, calls: number): string[] {
  const names = (list: readonly { readonly name: string }[]) => [...new Set(list.map(({ name }) => name))].join(", ");
  return [
    ...(interfaces.length === 0
      ? [
          "No interface called *Repository is implemented here; validate.interfaces of change-mgmt.yaml says what they are called.",
        ]
      : []),
    ...(backends.length === 1 ? [`There is one backend, ${backends[0]!.name}.`] : []),
    ...(beside.length > 0 ? [`Not taken for backends: ${names(beside)}.`] : []),
    ...(idle.length > 0 ? [`Implemented by nothing: ${names(idle)}.`] : []),
    ...(routes === 0 ? ["No routes were found, so calls were not held against any."] : []),
    ...(routes > 0 && calls === 0 ? ["No calls were found, so routes were not asked for a client."] : []),
  ];
}

function byFile(
  findings: readonly RepositoryFinding[],
  waived: readonly (RepositoryFinding & { readonly waiver: PlacedWaiver })[],
  textOf: (file: string) => string | null,
): FileFindings[] {
  const files = [...new Set([...findings, ...waived].map(({ place }) => place.file))].sort();
  return files.map((path) => {
    const lines = (textOf(path) ?? "").split("\n");
    const lineText = (_: string | undefined, line: number) => lines[line - 1] ?? "";
    const here = waived.filter(({ place }) => place.file === path);
    const both = finished(path, [...findings.filter(({ place }) => place.file === path), ...here].map(raw), lineText);
    const waiverOf = new Map(here.map((one) => [keyOf(raw(one)), one.waiver]));
    const allowed = both.flatMap((finding): WaivedFinding[] => {
      const waiver = waiverOf.get(keyOf(finding));
      if (!waiver) return [];
      return [
        {
          ...finding,
          reason: `${waiver.reason} (${waiver.owner}, until ${waiver.until})`,
          waivedAt: waiver.place.line,
        },
      ];
    });
    return { path, findings: both.filter((finding) => !waiverOf.has(keyOf(finding))), waived: allowed };
  });
}

function raw({ rule, severity, place: { line, column }, message, hint }: RepositoryFinding): RawFinding {
  return { rule, severity, line, column, message, hint };
}

function keyOf({ rule, line, column, message }: Pick<RawFinding, "rule" | "line" | "column" | "message">): string {
  return JSON.stringify([rule, line, column, message]);
}
