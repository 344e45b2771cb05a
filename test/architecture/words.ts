import { lineAt, stringsOf } from "./source.ts";
import type { PackageFile, Violation } from "./tree.ts";

/** Names of processes and change types that mean nothing else; words such as "standard" or "index" have other uses. */
const PROCESS_WORDS = new Set([
  "data-layer",
  "itil",
  "change-control",
  "emergency",
  "maintenance",
  "add-field",
  "new-table",
  "api-endpoint",
  "modify-field",
  "rename-field",
  "remove-field",
  "remove-table",
  "data-migration",
]);

/** A vendor and the places, besides integrations/ and main.ts, that speak of it for a reason. */
interface Vendor {
  readonly pattern: RegExp;
  readonly also: readonly string[];
}

/** Formats of findings that the CLI prints are named after who reads them. */
const OUTPUT_FORMATS = ["packages/cli/src/", "packages/analysis/src/", "packages/api/src/"];
/** Supabase is the name of a migration tool wherever migrations are read, carried or applied. */
const MIGRATION_TOOL = [
  "packages/analysis/src/sql/",
  "packages/analysis/src/rehearsal/",
  "packages/analysis/src/introspection/",
  "packages/analysis/src/repository/",
  "packages/server/src/artifacts/migration/",
  "packages/domain/src/change/",
  "packages/api/src/",
];

const VENDORS: readonly Vendor[] = [
  { pattern: /slack/gi, also: [] },
  { pattern: /github/gi, also: OUTPUT_FORMATS },
  { pattern: /gitlab/gi, also: OUTPUT_FORMATS },
  { pattern: /argo_?cd/gi, also: [] },
  { pattern: /kubernetes|kubectl/gi, also: [] },
  { pattern: /jira(?![a-z])/gi, also: [] },
  { pattern: /confluence/gi, also: [] },
  { pattern: /(?<![a-z])redis(?![a-z])|Redis(?=[A-Z]|\b)/g, also: [] },
  { pattern: /pagerduty|opsgenie|datadog|grafana/gi, also: [] },
  { pattern: /prometheus/gi, also: ["packages/server/src/http/", "packages/api/src/"] },
  { pattern: /supabase/gi, also: MIGRATION_TOOL },
];

/** No code compares with the name of a process or of a change type. */
export function processWordRules(file: PackageFile): readonly Violation[] {
  if (file.isTest) return [];
  return stringsOf(file.source)
    .filter(({ value }) => PROCESS_WORDS.has(value))
    .filter(({ line }) => !mayNameProcess(file, line))
    .map(({ value, line }) => ({
      file: file.path,
      line,
      message: `"${value}" is a word of a process, and the process is data: give the process language a way to say what differs (a dimension, a table, a step) and write it into processes/*/process.yaml. The default process is named once, as DEFAULT_PROCESS; examples in the api belong on a line that says example.`,
    }));
}

/** Outside systems stay outside. */
export function vendorRules(file: PackageFile): readonly Violation[] {
  const at = file.path;
  if (file.isTest || at.startsWith("packages/server/src/integrations/") || at === "packages/server/src/main.ts")
    return [];
  return VENDORS.filter(({ also }) => !also.some((prefix) => at.startsWith(prefix))).flatMap(({ pattern }) =>
    [...file.source.uncommented.matchAll(pattern)].slice(0, 1).map((match) => ({
      file: at,
      line: lineAt(file.source.uncommented, match.index),
      message: `"${match[0]}" is a vendor's name, which appears only in integrations/ and main.ts: define a port named after what is needed (Notifier, MetricsSource), implement it in integrations/ and wire it in main.ts.`,
    })),
  );
}

function mayNameProcess(file: PackageFile, line: number): boolean {
  const text = file.source.uncommented.split("\n")[line - 1] ?? "";
  return /\bDEFAULT_PROCESS\s*=/.test(text) || (file.package === "api" && /example/i.test(text));
}
