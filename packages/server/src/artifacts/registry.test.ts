import type { Artifact } from "@change-mgmt/domain/change/change.ts";
import { expect, test } from "vitest";
import { artifactHash, artifactKinds, kindOf } from "./registry.ts";

const migration: Artifact = {
  kind: "migration",
  id: "1",
  name: "a.sql",
  up: "select 1",
  down: null,
  transactional: true,
};

test("every kind is registered under its own word", () => {
  for (const [word, kind] of Object.entries(artifactKinds)) expect(kind.kind).toBe(word);
  expect(kindOf(migration)).toBe(artifactKinds.migration);
});

test("the hash is of the content: equal for another id, different for any other difference", () => {
  const hash = artifactHash(migration);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(artifactHash({ ...migration, id: "2" })).toBe(hash);
  const others: Artifact[] = [
    { ...migration, up: "select 2" },
    { ...migration, down: "select 1" },
    { ...migration, name: "b.sql" },
    { ...migration, transactional: false },
    { ...migration, tool: "supabase" },
  ];
  expect(new Set([hash, ...others.map(artifactHash)]).size).toBe(6);
});
