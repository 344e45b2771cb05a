import { expect, test } from "vitest";
import { aProcess, aTable } from "../testing/builders.ts";
import { checkWritten } from "./check.ts";
import { templatePlace } from "./check-template.ts";
import type { FormField, TemplateEntry } from "./process.ts";

const field: FormField = { id: "why", title: "Why", help: "Why.", kind: "text" };
const requirements = [{ id: "lead", title: "Lead", from: { roles: ["team-lead" as const] }, count: 1 }];

function problems(entries: readonly TemplateEntry[]) {
  const whole = aProcess();
  const process = {
    ...whole,
    form: { ...whole.form, fields: [...whole.form.fields, field] },
    approvals: aTable("approvals", { requirements }),
    template: { format: "markdown" as const, title: "Request", entries },
  };
  return checkWritten(process).map(({ code, message }) => [code, message]);
}

test("an entry says one thing that exists, at a place of its own", () => {
  const sound: TemplateEntry[] = [
    { at: [], field: "title" },
    { at: ["Number"], says: "number" },
    { at: ["Reasons", "Why"], field: "why" },
    { at: ["Approval", "Lead"], approval: "lead" },
  ];
  expect(problems(sound)).toEqual([]);
});

test.each<[string, TemplateEntry[], string, string]>([
  ["nothing said", [{ at: ["A"] }], "TEMPLATE_ENTRY", "The template's entry at A does not say one thing."],
  [
    "two things said",
    [{ at: [], field: "why", says: "number" }],
    "TEMPLATE_ENTRY",
    "The template's entry at the heading does not say one thing.",
  ],
  [
    "no such field",
    [{ at: ["A", "B"], field: "wy" }],
    "FIELD_UNKNOWN",
    'The template\'s entry at A / B names the field "wy".',
  ],
  [
    "no such requirement",
    [{ at: ["A"], approval: "led" }],
    "REQUIREMENT_UNKNOWN",
    'The template\'s entry at A names the requirement "led".',
  ],
  [
    "one place twice",
    [
      { at: ["A"], field: "why" },
      { at: ["A"], says: "number" },
    ],
    "DUPLICATE_ID",
    'There are two entries of the template at "A".',
  ],
  [
    "one field twice",
    [
      { at: ["A"], field: "why" },
      { at: ["B"], field: "why" },
    ],
    "DUPLICATE_ID",
    'There are two entries of the template for the field "why".',
  ],
])("%s", (_, entries, code, message) => {
  expect(problems(entries)).toEqual([[code, message]]);
});

test("a place reads as its words", () => {
  expect(templatePlace({ at: [] })).toBe("the heading");
  expect(templatePlace({ at: ["Risk", "Plan"] })).toBe("Risk / Plan");
});
