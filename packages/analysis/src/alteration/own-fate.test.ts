import { type FieldValue, type ObjectKind, type SchemaObject, schemaModel } from "@change-mgmt/domain/schema/model.ts";
import { expect, test } from "vitest";
import { ownFate } from "./own-fate.ts";
import { makeSides } from "./sides.ts";

type Fields = Record<string, FieldValue>;

/** What becomes of an object with some fields that are others afterwards, and what is refused; beside it stand others on both sides. */
function fate(kind: ObjectKind, before: Fields, after: Fields, beside: readonly SchemaObject[] = [], needs = {}) {
  const [was, is] = [before, after].map((fields): SchemaObject => ({ kind, name: "public.x", fields }));
  const [from, to] = [was!, is!].map((object) => schemaModel("18.6", [object, ...beside], needs));
  const refused: string[] = [];
  const decided = ownFate(was!, is!, makeSides(from!, to!, new Set()), ({ name }, reason) =>
    refused.push(`${name}: ${reason}`),
  );
  return refused.length === 0 ? decided : refused;
}

test.each<[ObjectKind, Fields, Fields, string]>([
  ["enum", { labels: ["a", "b"] }, { labels: ["a", "x", "b"] }, "alter"],
  ["enum", { labels: ["a", "b"] }, { labels: ["b", "a"] }, "retype"],
  ["domain", { type: "integer" }, { type: "integer", notNull: true }, "alter"],
  ["domain", { type: "integer" }, { type: "bigint" }, "retype"],
  ["composite_type", { attributes: ["a integer"] }, { attributes: ["a integer", "b text"] }, "alter"],
  ["composite_type", { attributes: ["a integer", "b text"] }, { attributes: ["a integer"] }, "alter"],
  ["composite_type", { attributes: ["a integer"] }, { attributes: ["a bigint"] }, "retype"],
  ["view", { columns: ["a integer"] }, { columns: ["a integer", "b text"] }, "alter"],
  ["view", { columns: ["a integer", "b text"] }, { columns: ["b text"] }, "remake"],
  ["index", { definition: "on (a)" }, { definition: "on (b)" }, "remake"],
  ["index", { definition: "on (a)" }, { definition: "on (a)", comment: "c" }, "alter"],
  ["constraint", { definition: "CHECK (true) NOT VALID", validated: false }, { definition: "CHECK (true)" }, "alter"],
  ["constraint", { definition: "CHECK (true)" }, { definition: "CHECK (false)" }, "remake"],
  ["function", { definition: "CREATE FUNCTION f" }, { definition: "CREATE PROCEDURE f" }, "remake"],
  ["function", { definition: "CREATE FUNCTION f 1" }, { definition: "CREATE FUNCTION f 2" }, "alter"],
  ["function", { returns: "integer" }, { returns: "text" }, "remake"],
  ["policy", { using: "(a)", command: "all" }, { using: "(b)", command: "all" }, "alter"],
  ["policy", { using: "(a)", command: "all" }, { command: "all" }, "remake"],
  ["column", { type: "integer", default: "1" }, { type: "integer", default: "2" }, "keep"],
  ["column", { type: "integer" }, { type: "bigint" }, "alter"],
  ["column", { type: "integer" }, { type: "integer", generated: "stored: 1" }, "remake"],
  ["column", { type: "integer", generated: "stored: 1" }, { type: "integer" }, "alter"],
  ["sequence", { increment: "1" }, { increment: "2" }, "alter"],
  ["table", { persistence: "permanent" }, { persistence: "permanent" }, "keep"],
])("%s from %j to %j: %s", (kind, before, after, expected) => {
  expect(fate(kind, before, after)).toBe(expected);
});

test("a composite type of which a column holds a list is refused by its name", () => {
  const column: SchemaObject = { kind: "column", name: "public.t.c", fields: { type: "public.x[]" } };
  const needs = { "column:public.t.c": ["composite_type:public.x"] };
  expect(fate("composite_type", { attributes: ["a integer"] }, { attributes: ["a bigint"] }, [column], needs)).toEqual([
    expect.stringContaining("public.x: its attributes change, and public.t.c holds a list of it"),
  ]);
});
