import { expect, test } from "vitest";
import { aProcess } from "../../testing/builders.ts";
import { checkDraft } from "./draft.ts";

const process = aProcess({
  form: {
    fields: [
      { id: "title", title: "Title", help: "", kind: "text", required: true },
      { id: "type", title: "Type", help: "", kind: "choice", required: true, values: ["add-field"] },
      { id: "why", title: "Why", help: "", kind: "text", required: true },
      {
        id: "priority",
        title: "Priority",
        help: "",
        kind: "choice",
        values: ["low", "high"],
        default: "low",
        fact: "priority",
      },
    ],
    rules: [
      {
        code: "HIGH_NEEDS_MORE",
        when: { priority: "high" },
        require: { priority: "low" },
        message: "High needs more.",
        hint: "Say more.",
      },
    ],
  },
});

test("what is missing may come later, and defaults are filled in", () => {
  expect(checkDraft(process, { title: "Add", type: "add-field", why: " " }, {})).toEqual({
    ok: true,
    value: { title: "Add", type: "add-field", priority: "low" },
  });
});

test("a whole form is accepted as it would be at submission", () => {
  expect(checkDraft(process, { title: "Add", type: "add-field", why: "because" }, {})).toEqual({
    ok: true,
    value: { title: "Add", type: "add-field", why: "because", priority: "low" },
  });
});

test("what fields ask of each other waits for the submission", () => {
  const draft = checkDraft(process, { title: "Add", type: "add-field", priority: "high" }, {});
  expect(draft).toEqual({ ok: true, value: { title: "Add", type: "add-field", priority: "high" } });
});

test("title and type cannot wait, nor can a wrong value; every problem is said at once", () => {
  const draft = checkDraft(process, { priority: "urgent", colour: "red" }, {});
  if (draft.ok) throw new Error("a draft without title and type was taken");
  expect(draft.refusal.code).toBe("FORM_INVALID");
  expect(draft.refusal.problems?.map(({ code, place }) => [code, place?.pointer]).sort()).toEqual([
    ["FIELD_REQUIRED", "/fields/title"],
    ["FIELD_REQUIRED", "/fields/type"],
    ["FIELD_UNKNOWN", "/fields/colour"],
    ["FIELD_VALUE", "/fields/priority"],
  ]);
  expect(draft.refusal.message).toContain("4 problems");
  const one = checkDraft(process, { title: "Add" }, {});
  expect(!one.ok && one.refusal.message).toContain("one problem");
});
