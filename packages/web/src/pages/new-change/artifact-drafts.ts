import { Artifact as ArtifactSchema } from "@change-mgmt/api/changes.ts";
import type { Artifact } from "../../data/types.ts";

type Kind = Artifact["kind"];
export type Migration = Extract<Artifact, { kind: "migration" }>;

/** The migration tools whose ledger a deployment can keep as well. */
export const LEDGER_TOOLS: readonly string[] = ArtifactSchema.options[0].shape.tool.unwrap().options;

/** An artifact of a kind with nothing in it yet, under an id that the list does not have. */
export function newArtifact(kind: Kind, others: readonly Artifact[]): Artifact {
  const id = freeId(kind, new Set(others.map((other) => other.id)));
  if (kind === "migration") return { kind, id, name: "", up: "", down: null, transactional: true };
  if (kind === "external") return { kind, id, name: "", command: "", arguments: [] };
  return { kind, id, name: "", steps: [{ id: "step-1", title: "", undo: "" }] };
}

/** The first of `word-1`, `word-2` … that is not taken. */
export function freeId(word: string, taken: ReadonlySet<string>): string {
  for (let at = 1; ; at++) if (!taken.has(`${word}-${at}`)) return `${word}-${at}`;
}

/** SQL files as migrations: `x.down.sql` becomes the way back of `x.up.sql` or `x.sql`, wherever that is already. */
export function withFiles(
  artifacts: readonly Artifact[],
  files: readonly { readonly name: string; readonly text: string }[],
): readonly Artifact[] {
  const downs = files.filter(({ name }) => isDown(name));
  let next = [...artifacts];
  for (const { name, text } of files.filter((file) => !isDown(file.name))) {
    const known = next.find((artifact) => artifact.kind === "migration" && artifact.name === name);
    const blank = next.find((artifact) => artifact.kind === "migration" && !artifact.name && !artifact.up.trim());
    const into = (known ?? blank ?? newArtifact("migration", next)) as Migration;
    const filled: Migration = { ...into, name, up: text, transactional: !needsNoTransaction(text) };
    next = next.includes(into) ? next.map((one) => (one === into ? filled : one)) : [...next, filled];
  }
  for (const { name, text } of downs) {
    const into = next.find((one) => one.kind === "migration" && stem(one.name) === stem(name)) as Migration | undefined;
    const filled = into
      ? { ...into, down: text }
      : { ...(newArtifact("migration", next) as Migration), name, down: text };
    next = into ? next.map((one) => (one === into ? filled : one)) : [...next, filled];
  }
  return next;
}

/** Whether SQL has a statement that Postgres refuses inside a transaction. */
export function needsNoTransaction(sql: string): boolean {
  const code = sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, " ");
  return /\b(concurrently|vacuum|alter\s+system|(create|drop)\s+(database|tablespace))\b/i.test(code);
}

function isDown(name: string): boolean {
  return /[._-]down\.sql$/i.test(name);
}

function stem(name: string): string {
  return name.replace(/([._-](up|down))?\.sql$/i, "").toLowerCase();
}

/** What an artifact still misses, by the path of the part: `name`, `steps.0.title`. The limits are the server's. */
export function artifactProblems(artifact: Artifact): ReadonlyMap<string, string> {
  const parsed = ArtifactSchema.safeParse(artifact);
  if (parsed.success) return new Map();
  return new Map(
    parsed.error.issues.map((issue) => {
      const path = issue.path.map(String).join(".");
      return [
        path,
        issue.code === "too_small" ? `${wordsOf(path)} is missing.` : `${wordsOf(path)}: ${issue.message}.`,
      ];
    }),
  );
}

function wordsOf(path: string): string {
  const last = path.split(".").at(-1)!;
  return WORDS[last] ?? last;
}

const WORDS: Readonly<Record<string, string>> = {
  name: "The name",
  up: "What it does",
  down: "The way back",
  command: "The command",
  title: "What is to be done",
  undo: "How it is taken back",
};
