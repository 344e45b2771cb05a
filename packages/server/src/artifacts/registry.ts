import { createHash } from "node:crypto";
import { canonicalJson } from "@change-mgmt/domain/change/canonical-json.ts";
import type { Artifact } from "@change-mgmt/domain/change/change.ts";
import type { ArtifactKind } from "./artifact.ts";
import { externalKind } from "./external/external.ts";
import { manualKind } from "./manual/manual.ts";
import { migrationKind } from "./migration/migration.ts";

/** The kinds of artifact a change can carry, by the word in their `kind`. */
export const artifactKinds: { readonly [K in Artifact["kind"]]: ArtifactKind<Extract<Artifact, { kind: K }>> } = {
  migration: migrationKind,
  external: externalKind,
  manual: manualKind,
};

/** The kind that carries out this artifact. */
export function kindOf(artifact: Artifact): ArtifactKind {
  return artifactKinds[artifact.kind] as ArtifactKind;
}

/** Hex SHA-256 over the canonical JSON of what the artifact says; its id is no part of it. */
export function artifactHash(artifact: Artifact): string {
  const { id: _, ...content } = artifact;
  return createHash("sha256").update(canonicalJson(content)).digest("hex");
}
