import { describe, expect, test } from "vitest";
import { checkDraft } from "../lifecycle/requests/draft.ts";
import { validateForm } from "../lifecycle/requests/form.ts";
import { aSoundProcess, aTable } from "../testing/builders.ts";
import { checkStanding } from "./check-standing.ts";
import { factsFor, gatherFacts } from "./facts.ts";
import type { Process, StandingChange } from "./process.ts";

const PATCH: StandingChange = {
  id: "patch",
  title: "Security patch",
  description: "Patches of what is in use.",
  owner: "lead",
  expires: "2026-12-31",
  fields: { title: "Patch" },
  when: { breaking: false },
};

function withCatalogue(standing: readonly StandingChange[] = [PATCH], more: Partial<Process> = {}): Process {
  const sound = aSoundProcess();
  const process: Process = {
    ...sound,
    positions: [{ id: "lead", title: "Lead" }],
    dimensions: {
      ...sound.dimensions,
      breaking: { title: "Breaking", values: [true, false], default: false },
      standing: { title: "Standing change", values: ["none", ...standing.map(({ id }) => id)], default: "none" },
    },
    form: {
      ...sound.form,
      fields: [
        ...sound.form.fields,
        {
          id: "standing",
          title: "Standing change",
          help: "One of the catalogue.",
          kind: "choice",
          fact: "standing",
          values: standing.map(({ id }) => id),
        },
      ],
    },
    standing,
    ...more,
  };
  return process;
}

const process = withCatalogue();
const TYPE = process.types[0]!.id;
const VALUES = { title: "A patch", components: ["shop"] };
const facts = (fields: object, of = process) =>
  gatherFacts(of, { type: TYPE, fields: { ...VALUES, ...fields }, artifacts: [] });
const problems = (fields: object, inputs = {}) => {
  const form = validateForm(process, { ...VALUES, ...fields }, { type: TYPE, ...inputs });
  return form.ok ? [] : form.refusal.problems!.map(({ code, message }) => `${code}: ${message}`);
};

describe("the fact", () => {
  test("is the entry that the form names, as long as its conditions hold", () => {
    expect(facts({}).standing).toBe("none");
    expect(facts({ standing: "patch" }).standing).toBe("patch");
    expect(facts({ standing: "patch", breaking: true }).standing).toBe("none");
    expect(facts({ standing: "gone" }).standing).toBe("none");
  });

  test("what is measured later takes it away, and nothing gives it back for an environment", () => {
    const fields = { ...VALUES, standing: "patch" };
    const known = gatherFacts(process, { type: TYPE, fields, artifacts: [], measured: { breaking: true } });
    expect(known.standing).toBe("none");
    expect(factsFor(process, known, "production").standing).toBe("none");
    expect(factsFor(process, facts({ standing: "patch" }), "production").standing).toBe("patch");
  });

  test("is not known to a process without a catalogue", () => {
    expect(gatherFacts(aSoundProcess(), { type: "a", fields: {}, artifacts: [] }).standing).toBeUndefined();
  });
});

describe("the form", () => {
  test("takes an entry whose conditions hold, on its last day still", () => {
    expect(problems({ standing: "patch" }, { today: "2026-12-31" })).toEqual([]);
    expect(problems({}, { today: "2027-01-01" })).toEqual([]);
  });

  test("refuses one that has expired, or is none, with what does not hold", () => {
    expect(problems({ standing: "patch", breaking: true }, { today: "2027-01-01" })).toEqual([
      "STANDING_EXPIRED: Security patch could be used until 2026-12-31.",
      "STANDING_CONDITIONS: This is not Security patch: breaking is true, not false.",
    ]);
  });

  test("of a draft has time to meet the conditions, and none to be of a catalogue that is over", () => {
    const values = { ...VALUES, standing: "patch", breaking: true };
    expect(checkDraft(process, values, { type: TYPE }).ok).toBe(true);
    expect(checkDraft(process, values, { type: TYPE, today: "2027-01-01" })).toMatchObject({
      ok: false,
      refusal: { problems: [{ code: "STANDING_EXPIRED" }] },
    });
  });
});

describe("the check", () => {
  const codes = (of: Process) => checkStanding(of).map(({ code }) => code);

  test("finds nothing in a sound catalogue, and nothing where there is none", () => {
    expect(codes(process)).toEqual([]);
    expect(codes(aSoundProcess())).toEqual([]);
  });

  test("asks for a field to choose in", () => {
    const { form } = process;
    const fields = form.fields.map((field) => (field.id === "standing" ? { ...field, kind: "text" as const } : field));
    expect(codes({ ...process, form: { ...form, fields } })).toEqual(["STANDING_FIELD"]);
  });

  test.each([
    [{ owner: "nobody" }, "POSITION_UNKNOWN"],
    [{ fields: { nickname: "A" } }, "FIELD_UNKNOWN"],
    [{ fields: { standing: "patch" } }, "FIELD_UNKNOWN"],
    [{ fields: { breaking: "perhaps" } }, "FIELD_KIND"],
    [{ when: { moon: "full" } }, "DIMENSION_UNKNOWN"],
    [{ when: { standing: "patch" } }, "STANDING_CIRCLE"],
  ])("finds an entry with %o", (wrong, code) => {
    expect(codes(withCatalogue([{ ...PATCH, ...wrong }]))).toEqual([code]);
  });

  test("finds two entries of one id, and a conclusion that rests on what is known last", () => {
    expect(codes(withCatalogue([PATCH, PATCH]))).toHaveLength(1);
    const table = aTable("early", { value: true }, { dimensions: ["standing"] });
    expect(codes({ ...process, derived: [{ name: "breaking", title: "Early", table }] })).toEqual(["STANDING_CIRCLE"]);
    const score = { name: "risk", title: "Risk", cap: 1, levels: [], table: aTable("points", { points: 1 }) };
    expect(codes({ ...process, scores: [score] })).toEqual([]);
  });

  test("without positions nobody could answer for an entry", () => {
    const { positions: _positions, ...nobody } = process;
    expect(codes(nobody)).toEqual(["POSITION_UNKNOWN"]);
  });
});
