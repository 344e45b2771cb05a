import type { CheckFinding, WaivedFinding } from "../../check/report.ts";
import type { CodePlace } from "../sources.ts";

/** What was found in one file, as `check` reports it. */
export interface FileFindings {
  readonly path: string;
  readonly findings: readonly CheckFinding[];
  readonly waived: readonly WaivedFinding[];
}

/** One method of one interface in one backend. */
export interface ReportedMethod {
  readonly interface: string;
  readonly method: string;
  readonly backend: string;
  readonly state: "real" | "stub" | "missing" | "unknown";
  readonly place: CodePlace;
}

/** A route with who calls it. */
export interface ReportedRoute {
  /** Method and path, such as `GET /api/users/{}`; `ANY` for every method. */
  readonly route: string;
  readonly framework: string;
  readonly place: CodePlace;
  readonly calledBy: readonly { readonly by: string; readonly place: CodePlace }[];
}

/** A call, with the route that it goes to. */
export interface ReportedCall {
  readonly by: string;
  readonly call: string;
  readonly place: CodePlace;
  /** Null where no route answers, or it goes elsewhere. */
  readonly route: string | null;
  readonly elsewhere: boolean;
}

/** What `validate` found out about a repository, apart from its migrations. */
export interface RepositoryReport {
  readonly interfaces: readonly { readonly name: string; readonly place: CodePlace; readonly methods: number }[];
  readonly backends: readonly string[];
  readonly methods: readonly ReportedMethod[];
  readonly routes: readonly ReportedRoute[];
  readonly calls: readonly ReportedCall[];
  /** Files with findings, in the order of their names. */
  readonly files: readonly FileFindings[];
  /** What was not looked for, in sentences. */
  readonly notes: readonly string[];
}
