import { readCsvRequests } from "@change-mgmt/analysis/request-files/csv-requests.ts";
import { type RequestFile, readRequest } from "@change-mgmt/analysis/request-files/request-file.ts";
import { writeFields, writeRequest } from "@change-mgmt/analysis/request-files/write-request.ts";
import { Artifact as ArtifactOnTheWire } from "@change-mgmt/api/changes.ts";
import { FILE_LINES, type ReadRequests, type RequestFileText } from "@change-mgmt/api/request-files.ts";
import type { Artifact } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Explanation, Process } from "@change-mgmt/domain/process/process.ts";
import type { z } from "zod";
import type { Handlers } from "../commands/handler.ts";
import { currentConfiguration } from "../storage/configuration-record.ts";
import type { ProcessLibrary } from "../storage/process-record.ts";
import type { Db } from "../storage/store.ts";
import { viewChange } from "./change-view.ts";

const KINDS = { md: "markdown", markdown: "markdown", yaml: "yaml", yml: "yaml", csv: "csv" } as const;
const ENDINGS = { markdown: "md", yaml: "yaml" } as const;

/** Change requests as files, in and out. Reading creates nothing: what was read is created through the door like any other. */
export function requestFileRoutes({ db, processes }: { db: Db; processes: ProcessLibrary }): Handlers {
  return {
    "requestFiles.read": async ({ actor, body }) => {
      const permitted = checkPermission(actor, "change.create");
      return permitted.ok ? await readFile(db, processes, body) : permitted;
    },
    "changes.file": async ({ actor, params: { id } }) => {
      const permitted = checkPermission(actor, "change.read");
      if (!permitted.ok) return permitted;
      const found = await viewChange(db, processes, id, actor, new Date());
      if (!found.ok) return found;
      const { number, requester, createdAt, fields, approvals, processHash } = found.value;
      const artifacts = found.value.artifacts as Artifact[];
      const process = await processes.pinned(db, processHash);
      const { template } = process;
      if (template === undefined) {
        return accept({ name: `${number}.yaml`, text: writeFields(process.name, { fields, artifacts }) });
      }
      const trees = approvals.map(({ explanation }) => explanation as Explanation);
      const met = template.entries.flatMap(({ approval }) =>
        approval !== undefined && isMet(approval, trees) ? [approval] : [],
      );
      const request = { number, requester, createdAt, fields, artifacts, approvals: met };
      return accept({ name: `${number}.${ENDINGS[template.format]}`, text: writeRequest(process, template, request) });
    },
    "processes.template": async ({ actor, params: { name } }) => {
      const permitted = checkPermission(actor, "config.read");
      if (!permitted.ok) return permitted;
      const process = processes.inForce(name)?.process;
      if (process === undefined) return refuse("NOT_FOUND", `There is no process "${name}".`, withTemplates(processes));
      const { template } = process;
      if (template === undefined)
        return refuse("TEMPLATE_MISSING", `The process ${name} has no template for files.`, withTemplates(processes));
      const text = writeRequest(process, template, { fields: {}, artifacts: [] });
      return accept({ name: `${name}-template.${ENDINGS[template.format]}`, text });
    },
  };
}

async function readFile(
  db: Db,
  processes: ProcessLibrary,
  { name, text, process: wanted }: z.output<typeof RequestFileText>,
): Promise<Outcome<z.input<typeof ReadRequests>>> {
  const kind = KINDS[(name.split(".").at(-1) ?? "").toLowerCase() as keyof typeof KINDS];
  if (kind === undefined)
    return refuse(
      "FILE_KIND_UNKNOWN",
      `${name} is none of .md, .yaml, .yml and .csv.`,
      "Give it the ending of what it is.",
    );
  const lines = text.split("\n").length;
  if (lines > FILE_LINES)
    return refuse(
      "CHANGE_FILE_INVALID",
      `${name} has ${lines} lines.`,
      `At most ${FILE_LINES} are read; take several files.`,
    );
  const configuration = await currentConfiguration(db);
  const chosen = choose(processes, kind, wanted, configuration?.document.process);
  if (!chosen.ok) return chosen;
  const process = chosen.value;
  const known = { components: configuration?.document.components.map((component) => component.name) ?? [] };
  const read =
    kind === "csv"
      ? readCsvRequests(text, name, process, known)
      : oneOf(readRequest(text, name, process, process.template!, known));
  return read.ok ? accept({ process: process.name, requests: read.value.map((one) => onTheWire(one, name)) }) : read;
}

/** What was read, with the artifacts that are none taken out and told. */
function onTheWire({ fields, artifacts, remarks, problems }: RequestFile, file: string) {
  const judged = artifacts.map((artifact) => ArtifactOnTheWire.safeParse(artifact));
  const wrong = judged.flatMap(({ error }, at) => {
    const [issue] = error?.issues ?? [];
    if (issue === undefined) return [];
    const message = `Artifact ${at + 1}, ${issue.path.join(".") || "as a whole"}: ${issue.message}.`;
    return [{ code: "VALUE_INVALID", message, hint: "Write it as an export does.", place: { file } }];
  });
  return {
    fields: { ...fields },
    artifacts: judged.flatMap(({ data }) => (data === undefined ? [] : [data])),
    remarks: [...remarks],
    problems: [...problems, ...wrong],
  };
}

/** The process named, else the workspace's own where it reads such files, else the only one that does. */
function choose(
  processes: ProcessLibrary,
  kind: "markdown" | "yaml" | "csv",
  wanted: string | undefined,
  usual: string | undefined,
): Outcome<Process> {
  const all = processes.list().map(({ process }) => process);
  const reads = (process: Process) => kind === "csv" || process.template?.format === kind;
  if (wanted !== undefined) {
    const process = all.find((one) => one.name === wanted);
    const hint = withTemplates(processes);
    if (process === undefined)
      return refuse("PROCESS_UNKNOWN", `There is no process "${wanted}".`, hint, { place: { pointer: "/process" } });
    return reads(process)
      ? accept(process)
      : refuse("TEMPLATE_MISSING", `The process ${wanted} has no template in ${kind}.`, hint);
  }
  const own = all.find((one) => one.name === usual);
  if (own !== undefined && reads(own)) return accept(own);
  const [only, ...others] = all.filter(reads);
  if (only !== undefined && others.length === 0) return accept(only);
  const hint = withTemplates(processes);
  if (only === undefined) return refuse("TEMPLATE_MISSING", `No process here has a template in ${kind}.`, hint);
  return refuse("PROCESS_NOT_CHOSEN", "Several processes read such files.", `Name the process. ${hint}`);
}

function withTemplates(processes: ProcessLibrary): string {
  const words = processes
    .list()
    .map(({ process: { name, template } }) => (template === undefined ? name : `${name} (${template.format})`));
  return `Processes here, with the files they have a template for: ${words.join(", ")}.`;
}

function isMet(requirement: string, trees: readonly Explanation[]): boolean {
  const found = trees.flatMap(nodes).filter(({ id }) => id === requirement);
  return found.length > 0 && found.every(({ met }) => met);
}

function nodes(tree: Explanation): readonly Explanation[] {
  return [tree, ...tree.children.flatMap(nodes)];
}

function oneOf<T>(outcome: Outcome<T>): Outcome<readonly T[]> {
  return outcome.ok ? accept([outcome.value]) : outcome;
}
