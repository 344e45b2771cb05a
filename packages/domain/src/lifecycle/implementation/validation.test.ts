import { expect, test } from "vitest";
import { aMigration, aRehearsal, aReport, aSituation } from "../../testing/a-situation.ts";
import { aChange, aProcess } from "../../testing/builders.ts";
import { checkForm, validateChange } from "./validation.ts";

const process = aProcess();
const change = aChange({ artifacts: [aMigration()] });
const rehearsed = aSituation({ rehearsals: [aRehearsal(change)] });

test("what was checked and found in order passes", () => {
  const { result, checks } = validateChange(process, change, { ...rehearsed, reports: [aReport(change)] });
  expect(result).toBe("passed");
  expect(checks.map(({ id, result: each }) => [id, each])).toEqual([
    ["form", "passed"],
    ["implementation", "passed"],
    ["rehearsal:m1:up", "passed"],
    ["rehearsal:m1:down", "passed"],
    ["report:tests", "passed"],
  ]);
});

test("no rollback where it is only advised is neither passed nor in the way", () => {
  const bare = aChange({ artifacts: [aMigration({ down: null })] });
  const situation = aSituation({ rehearsals: [aRehearsal(bare, { rollback: "absent" })] });
  expect(validateChange(process, bare, situation).result).toBe("passed");
});

test("inconclusive is never fine, and a failure outweighs it", () => {
  expect(validateChange(process, change, aSituation()).result).toBe("inconclusive");
  const failing = aSituation({ reports: [aReport(change, { failed: 1 })] });
  expect(validateChange(process, change, failing).result).toBe("failed");
});

test("a rollback that does not restore fails it, even where a rollback is only advised", () => {
  const situation = aSituation({ rehearsals: [aRehearsal(change, { rollback: "differs" })] });
  expect(validateChange(process, change, situation).result).toBe("failed");
});

test("a change that carries nothing has nothing to deploy", () => {
  const { result, checks } = validateChange(process, aChange(), aSituation());
  expect(result).toBe("failed");
  expect(checks[1]).toMatchObject({
    id: "implementation",
    result: "failed",
    hint: expect.stringContaining("migration"),
  });
});

test("the form is judged by what is known now: components of today, and what the rehearsal measured", () => {
  const gone = { ...rehearsed, componentTeams: { web: "front" } };
  expect(validateChange(process, change, gone).checks[0]).toMatchObject({
    id: "form",
    result: "failed",
    message: expect.stringContaining("users"),
    hint: "Correct the fields named.",
  });
  const strict = aProcess({
    form: {
      fields: [
        ...process.form.fields,
        { id: "plan", title: "Plan", help: "How.", kind: "text", required: { breaking: true } },
      ],
      rules: [],
    },
  });
  expect(checkForm(strict, change, rehearsed).ok).toBe(true);
  const breaking = aSituation({ rehearsals: [aRehearsal(change, { breaking: true })] });
  expect(checkForm(strict, change, breaking)).toMatchObject({
    refusal: { code: "FORM_INVALID", problems: [{ code: "FIELD_REQUIRED", place: { pointer: "/fields/plan" } }] },
  });
});
