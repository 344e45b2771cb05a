import { expect, test } from "vitest";
import { partsOf, type Searched } from "./parts.ts";

const searched = (more: Partial<Searched> = {}): Searched => ({
  number: "CHG-1",
  title: "Add preferences",
  description: "",
  fields: {},
  assessment: null,
  artifacts: [],
  comments: [],
  ...more,
});
const lines = (of: Searched) => partsOf(of).map(({ place, name, text }) => `${place} ${name ?? "-"}: ${text}`);

test("a change is searched in all that people wrote, what says most first", () => {
  const artifacts = [
    { kind: "migration", id: "m", name: "1.sql", up: "ALTER", down: null, transactional: true },
    { kind: "manual", id: "s", name: "Steps", steps: [{ id: "x", title: "Tell them", undo: "Take it back" }] },
    { kind: "external", id: "e", command: "flush", arguments: ["cache", 3] },
  ];
  expect(
    lines(
      searched({
        description: "Because.",
        fields: {
          title: "Add preferences",
          description: "Because.",
          tables: ["users", "orders"],
          breaking: true,
          rows: 7,
        },
        assessment: { impact: "Small", breaking: false, by: "ada" },
        comments: [{ author: "ben", text: "Fine" }],
        artifacts,
      }),
    ),
  ).toEqual([
    "number -: CHG-1",
    "title -: Add preferences",
    "description -: Because.",
    "field tables: users",
    "field tables: orders",
    "field rows: 7",
    "assessment -: Small",
    "comment ben: Fine",
    "artifact 1.sql: 1.sql",
    "sql 1.sql: ALTER",
    "artifact Steps: Steps",
    "artifact Steps: x",
    "artifact Steps: Tell them",
    "artifact Steps: Take it back",
    "artifact -: flush",
    "artifact -: cache",
    "artifact -: 3",
  ]);
});

test.each([null, "text", 5, undefined])("members that are %j hold nothing to search", (nothing) => {
  const held = lines(searched({ fields: nothing, assessment: nothing, artifacts: nothing }));
  expect(held).toEqual(["number -: CHG-1", "title -: Add preferences"]);
});
