import { expect, test } from "vitest";
import type { FieldValues } from "../../change/change.ts";
import type { FormField, FormRule } from "../../process/process.ts";
import { aProcess } from "../../testing/builders.ts";
import { type FormInputs, isRequired, validateForm } from "./form.ts";

const field = (more: Partial<FormField> & Pick<FormField, "id" | "kind">): FormField => ({
  title: more.id,
  help: "See the guide.",
  ...more,
});
const fields: FormField[] = [
  field({ id: "title", kind: "text", required: true, min: 3, max: 10 }),
  field({ id: "type", kind: "choice", values: ["add", "remove"] }),
  field({ id: "components", kind: "components" }),
  field({ id: "tables", kind: "list", pattern: "^[a-z]+$", max: 2, values: ["users", "words", "a1"] }),
  field({ id: "breaking", kind: "boolean", default: false, fact: "breaking" }),
  field({ id: "plan", kind: "long-text", required: { breaking: true } }),
  field({ id: "undo", kind: "text", when: { breaking: true }, required: true }),
  field({ id: "loss", kind: "boolean", when: { breaking: true } }),
  field({ id: "days", kind: "number", min: 1, max: 9 }),
  field({ id: "until", kind: "date" }),
  field({ id: "people", kind: "users" }),
];
const rules: FormRule[] = [
  {
    code: "REMOVAL_IS_BREAKING",
    when: { type: "remove" },
    require: { breaking: true },
    field: "breaking",
    message: "A removal breaks.",
    hint: "Say so.",
  },
  {
    code: "NO_ADDING",
    when: { type: "add", breaking: true },
    require: { type: "remove" },
    message: "No.",
    hint: "Do not.",
  },
];
const process = aProcess({ form: { fields, rules } });

function problems(values: FieldValues, inputs: FormInputs = {}): string[] {
  const outcome = validateForm(process, values, inputs);
  if (outcome.ok) return [];
  expect(outcome.refusal.code).toBe("FORM_INVALID");
  return outcome.refusal.problems!.map(({ code, place }) => `${code} ${place?.pointer}`);
}

test("a valid form comes back with its defaults and without its blanks", () => {
  const values = {
    title: "Add it",
    type: "add",
    tables: [],
    days: 3,
    until: "2028-02-29",
    people: ["anna"],
    plan: " ",
  };
  expect(validateForm(process, values, {})).toEqual({
    ok: true,
    value: { title: "Add it", type: "add", breaking: false, days: 3, until: "2028-02-29", people: ["anna"] },
  });
});

test("everything wrong is said at once, each at its field", () => {
  const values = {
    title: "",
    type: "ad",
    titel: "x",
    tables: ["A", "a1", "users", "users"],
    days: 10,
    until: "2026-02-30",
    people: "anna",
    breaking: "yes",
  };
  expect(problems(values).sort()).toEqual([
    "FIELD_KIND /fields/breaking",
    "FIELD_KIND /fields/people",
    "FIELD_KIND /fields/until",
    "FIELD_PATTERN /fields/tables",
    "FIELD_PATTERN /fields/tables",
    "FIELD_RANGE /fields/days",
    "FIELD_RANGE /fields/tables",
    "FIELD_REPEATED /fields/tables",
    "FIELD_REQUIRED /fields/title",
    "FIELD_UNKNOWN /fields/titel",
    "FIELD_VALUE /fields/tables",
    "FIELD_VALUE /fields/type",
  ]);
});

test.each<[FieldValues, string]>([
  [{ title: "ab" }, "FIELD_RANGE /fields/title"],
  [{ title: "a".repeat(11) }, "FIELD_RANGE /fields/title"],
  [{ title: 7 }, "FIELD_KIND /fields/title"],
  [{ title: "Fine", days: "3" }, "FIELD_KIND /fields/days"],
  [{ title: "Fine", days: Number.NaN }, "FIELD_KIND /fields/days"],
  [{ title: "Fine", until: "tomorrow" }, "FIELD_KIND /fields/until"],
  [{ title: "Fine", people: ["anna", 3] }, "FIELD_KIND /fields/people"],
  [{ title: "Fine", undo: "Drop it." }, "FIELD_NOT_APPLICABLE /fields/undo"],
])("%j is refused as %s", (values, problem) => {
  expect(problems(values)).toEqual([problem]);
});

test("an unknown field or value comes with the nearest one", () => {
  const outcome = validateForm(
    process,
    { title: "Fine", typ: "add", components: ["user"] },
    { componentTeams: { users: "core" } },
  );
  expect(outcome).toMatchObject({
    refusal: {
      message: expect.stringContaining("The form has 2 problems: "),
      problems: [
        { code: "FIELD_UNKNOWN", hint: 'Did you mean "type"?' },
        { code: "COMPONENT_UNKNOWN", hint: 'Did you mean "users"?', place: { pointer: "/fields/components" } },
      ],
    },
  });
});

test("components are not judged where nobody knows which there are", () => {
  expect(problems({ title: "Fine", components: ["anything"] })).toEqual([]);
});

test("what a condition asks for is required, and what it hides is not asked", () => {
  expect(problems({ title: "Fine", breaking: true })).toEqual([
    "FIELD_REQUIRED /fields/plan",
    "FIELD_REQUIRED /fields/undo",
  ]);
  expect(problems({ title: "Fine" }, { type: "add", artifacts: [], measured: { breaking: true } })).toEqual([
    "FIELD_REQUIRED /fields/plan",
    "FIELD_REQUIRED /fields/undo",
    "NO_ADDING undefined",
  ]);
  expect(problems({ title: "Fine", loss: false })).toEqual([]);
  expect(isRequired(fields[6]!, { breaking: false })).toBe(false);
});

test("a rule between fields is said at its field", () => {
  expect(problems({ title: "Fine", type: "remove" })).toEqual(["REMOVAL_IS_BREAKING /fields/breaking"]);
  expect(validateForm(process, { title: "Fine", type: "remove" }, {})).toMatchObject({
    refusal: { message: "The form has one problem: A removal breaks." },
  });
});

test("a date that is counted from another lies so many months after it", () => {
  const sunset = field({ id: "sunset", kind: "date", notBefore: { field: "until", months: 6 } });
  const counted = aProcess({ form: { fields: [...fields, sunset], rules: [] } });
  const found = (values: FieldValues) => {
    const outcome = validateForm(counted, { title: "Words", ...values }, { type: "add" });
    return outcome.ok ? [] : outcome.refusal.problems!.map(({ code, place }) => `${code} ${place?.pointer}`);
  };
  expect(found({ until: "2026-01-31", sunset: "2026-07-31" })).toEqual([]);
  expect(found({ until: "2026-01-31", sunset: "2026-07-30" })).toEqual(["FIELD_TOO_EARLY /fields/sunset"]);
  expect(found({ sunset: "2026-07-30" })).toEqual([]);
  expect(found({ until: "2026-01-31" })).toEqual([]);
  expect(found({ until: "soon", sunset: "2026-07-30" })).toEqual(["FIELD_KIND /fields/until"]);
});
