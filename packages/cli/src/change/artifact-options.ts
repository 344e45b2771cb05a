import type { OptionSpec } from "../command.ts";
import type { Context } from "../context.ts";
import type { Typed } from "../given.ts";
import { usage } from "../stop.ts";
import type { Artifact } from "./change-types.ts";
import { readMigration } from "./migration-option.ts";

export const artifactOptions: readonly OptionSpec[] = [
  { flags: "--migration <file>", about: "SQL file to deploy, of any migration tool", repeatable: true },
  { flags: "--down <file>", about: "SQL file that takes the migration before it back", repeatable: true },
  { flags: "--external <name>", about: "command of the workspace configuration to run", repeatable: true },
  { flags: "--arg <value>", about: "argument of the external command before it", repeatable: true },
  { flags: "--name <name>", about: "name of the migration or external command before it", repeatable: true },
  { flags: "--manual <step::undo>", about: "step that people do, and how it is taken back", repeatable: true },
];

/** An artifact as it was typed; files are not read yet. */
export type ArtifactRequest =
  | { readonly kind: "migration"; readonly file: string; readonly down?: string; readonly name?: string }
  | {
      readonly kind: "external";
      readonly command: string;
      readonly arguments: readonly string[];
      readonly name?: string;
    }
  | { readonly kind: "manual"; readonly steps: readonly { readonly title: string; readonly undo: string }[] };

/** Groups artifact options as they were typed: what qualifies follows what it qualifies. All manual steps make one artifact. */
export function readArtifactOptions(ordered: readonly Typed[]): ArtifactRequest[] {
  const requests: ArtifactRequest[] = [];
  const steps = ordered.filter(([option]) => option === "manual").map(([, value]) => manualStep(value));
  for (const [option, value] of ordered) {
    const last = requests.at(-1);
    if (option === "migration") requests.push({ kind: "migration", file: value });
    else if (option === "external") requests.push({ kind: "external", command: value, arguments: [] });
    else if (option === "down") requests[requests.length - 1] = withDown(last, value);
    else if (option === "arg") requests[requests.length - 1] = withArgument(last, value);
    else if (option === "name") requests[requests.length - 1] = withName(last, value);
  }
  return steps.length > 0 ? [...requests, { kind: "manual", steps }] : requests;
}

/** Reads the files and makes the artifacts; ids are unique and follow from the names. */
export async function makeArtifacts(context: Context, requests: readonly ArtifactRequest[]): Promise<Artifact[]> {
  const artifacts: Artifact[] = [];
  for (const request of requests) {
    const artifact = await makeArtifact(context, request);
    artifacts.push({ ...artifact, id: freeId(artifact.id, artifacts) });
  }
  return artifacts;
}

async function makeArtifact(context: Context, request: ArtifactRequest): Promise<Artifact> {
  if (request.kind === "migration") {
    const migration = await readMigration(context, request.file, request.down);
    const name = request.name ?? migration.name;
    return { ...migration, id: artifactId(name), name };
  }
  if (request.kind === "external") {
    const name = request.name ?? request.command;
    return {
      kind: "external",
      id: artifactId(name),
      name,
      command: request.command,
      arguments: [...request.arguments],
    };
  }
  const steps = request.steps.map(({ title, undo }, at) => ({ id: `step-${at + 1}`, title, undo }));
  return { kind: "manual", id: "manual", name: "Manual steps", steps };
}

/** An id of an artifact, made of its name: lower-case letters, digits and dashes. */
export function artifactId(name: string): string {
  const id = name
    .toLowerCase()
    .replace(/(\.up)?\.sql$/, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 56)
    .replace(/-+$/, "");
  return id || "artifact";
}

function freeId(id: string, taken: readonly Artifact[]): string {
  let free = id;
  for (let next = 2; taken.some((one) => one.id === free); next += 1) free = `${id}-${next}`;
  return free;
}

function withDown(last: ArtifactRequest | undefined, down: string): ArtifactRequest {
  if (last?.kind !== "migration" || last.down !== undefined)
    throw usage(`--down=${down} follows no migration.`, "Write it after the --migration it takes back.");
  return { ...last, down };
}

function withArgument(last: ArtifactRequest | undefined, value: string): ArtifactRequest {
  if (last?.kind !== "external")
    throw usage(`--arg=${value} follows no external command.`, "Write it after the --external it belongs to.");
  return { ...last, arguments: [...last.arguments, value] };
}

function withName(last: ArtifactRequest | undefined, name: string): ArtifactRequest {
  if (last === undefined || last.kind === "manual" || last.name !== undefined)
    throw usage(`--name=${name} follows nothing it could name.`, "Write it after a --migration or --external.");
  return { ...last, name };
}

function manualStep(value: string): { title: string; undo: string } {
  const [title = "", undo = "", more] = value.split("::").map((part) => part.trim());
  if (title && undo && more === undefined) return { title, undo };
  throw usage(
    `--manual="${value}" does not say both what is done and how it is taken back.`,
    'Write --manual="switch the feature on::switch the feature off".',
  );
}
