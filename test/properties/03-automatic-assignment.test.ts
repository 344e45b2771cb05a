import { routeTo } from "@change-mgmt/domain/lifecycle/requests/route.ts";
import { gatherFacts } from "@change-mgmt/domain/process/facts.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { circumstances, completeForm, componentTeams, dataLayer } from "./data-layer/process.ts";

describe("Property 3: Automatic Assignment (requirement 1.3)", () => {
  test("every valid change request goes to the team that owns its first affected component", () => {
    fc.assert(
      fc.property(completeForm, circumstances, (fields, rest) => {
        const facts = gatherFacts(dataLayer, { ...rest, type: String(fields.type), fields });
        const [first] = fields.components as (keyof typeof componentTeams)[];
        expect(routeTo(dataLayer, facts, componentTeams)).toMatchObject({
          ok: true,
          value: { team: componentTeams[first!] },
        });
      }),
    );
  });

  test("what no team owns is not assigned to anybody", () => {
    fc.assert(
      fc.property(completeForm, circumstances, (fields, rest) => {
        const facts = gatherFacts(dataLayer, { ...rest, type: String(fields.type), fields });
        expect(routeTo(dataLayer, facts, {})).toMatchObject({ ok: false, refusal: { code: "NO_OWNING_TEAM" } });
      }),
    );
  });
});
