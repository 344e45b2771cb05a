import type { Process, RequestTemplate } from "@change-mgmt/domain/process/process.ts";
import { stringify } from "yaml";
import { ARTIFACTS, FURTHER } from "./said.ts";
import type { RequestToWrite } from "./write-request.ts";

/** A change request as YAML by its process's template; what the template has no key for stands under keys of its own. */
export function yamlRequest(process: Process, template: RequestTemplate, request: RequestToWrite): string {
  const whole: Record<string, unknown> = {};
  const put = (at: readonly string[], value: unknown) => {
    let map = whole;
    for (const key of at.slice(0, -1)) {
      map[key] ??= {};
      map = map[key] as Record<string, unknown>;
    }
    map[at.at(-1)!] = value;
  };
  const known = { number: request.number, requester: request.requester, created: request.createdAt?.slice(0, 10) };
  for (const { at, field, says, approval } of template.entries) {
    const value =
      field === undefined
        ? says === undefined
          ? (request.approvals ?? []).includes(approval!)
          : known[says]
        : request.fields[field];
    put(at, value ?? null);
  }
  const root = template.entries.map(({ at }) => at[0]).find((key) => key !== undefined)!;
  const covered = new Set(template.entries.map(({ field }) => field));
  const further = process.form.fields
    .filter(({ id }) => !covered.has(id) && request.fields[id] !== undefined)
    .map(({ id }) => [id, request.fields[id]]);
  if (further.length > 0) put([root, FURTHER.yaml], Object.fromEntries(further));
  if (request.artifacts.length > 0) put([root, ARTIFACTS.yaml], request.artifacts);
  return stringify(whole, { lineWidth: 0, nullStr: "" });
}
