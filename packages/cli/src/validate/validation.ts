import type { CheckReport } from "@change-mgmt/analysis/check/report.ts";
import type { RepositoryReport } from "@change-mgmt/analysis/repository/validation/report.ts";

/** What `validate` says: the repository, and its migrations as `check` judges them. */
export interface Validation extends RepositoryReport {
  /** False with a finding of severity error, or a migration that fails. */
  readonly ok: boolean;
  /** Null where there are none, or they were not asked for. */
  readonly migrations: CheckReport | null;
  readonly summary: {
    readonly errors: number;
    readonly warnings: number;
    readonly infos: number;
    readonly waived: number;
    readonly methods: {
      readonly real: number;
      readonly stub: number;
      readonly missing: number;
      readonly unknown: number;
    };
    readonly routes: number;
    readonly calls: number;
  };
}

/** Puts both parts together and counts. The findings of migrations are counted as well. */
export function validationOf(repository: RepositoryReport, migrations: CheckReport | null): Validation {
  const files = [...repository.files, ...(migrations?.files ?? [])];
  const findings = files.flatMap((file) => file.findings);
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const state = (wanted: string) => repository.methods.filter((method) => method.state === wanted).length;
  return {
    ok: count("error") === 0 && (migrations?.ok ?? true),
    ...repository,
    migrations,
    summary: {
      errors: count("error"),
      warnings: count("warning"),
      infos: count("info"),
      waived: files.flatMap(({ waived }) => waived).length,
      methods: { real: state("real"), stub: state("stub"), missing: state("missing"), unknown: state("unknown") },
      routes: repository.routes.length,
      calls: repository.calls.length,
    },
  };
}

/** Every file with findings, for the formats of machines. */
export function filesOf({ files, migrations }: Validation) {
  return { files: [...files.map((file) => ({ ...file, waivers: "external" as const })), ...(migrations?.files ?? [])] };
}
