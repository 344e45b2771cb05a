import { resolve } from "node:path";
import { contentHash } from "@change-mgmt/domain/change/contents.ts";
import { evaluateApprovals } from "@change-mgmt/domain/lifecycle/approval/quorum.ts";
import { checkGate } from "@change-mgmt/domain/lifecycle/deployment/gates.ts";
import { gatherFacts } from "@change-mgmt/domain/process/facts.ts";
import { aMigration, aRehearsal, aSituation } from "@change-mgmt/domain/testing/a-situation.ts";
import { aChange, aPerson } from "@change-mgmt/domain/testing/builders.ts";
import { describe, expect, test } from "vitest";
import { loadProcess } from "./process-file.ts";

const processes = {
  "data-layer": { type: "remove-field", fields: {}, approver: { roles: ["architect"] as const } },
  "change-control": {
    type: "minor",
    fields: { kind: "schema" },
    approver: { positions: [{ position: "technical-lead" }] },
  },
};

describe.each(Object.entries(processes))("%s", async (name, { type, fields: given, approver }) => {
  const loaded = await loadProcess(resolve(import.meta.dirname, "../../../../processes", name));
  if (!loaded.ok) throw new Error(loaded.refusal.message);
  const { process } = loaded.value;
  const people = [
    aPerson({ handle: "anna", ...approver }),
    aPerson({ handle: "ben" }),
    aPerson({ handle: "carla", ...approver }),
  ];

  function asking(reason: string, voters: readonly string[] = []) {
    const fields = { ...given, ...(reason && { withoutWayBack: reason }) };
    const artifacts = [aMigration({ down: null })];
    const facts = gatherFacts(process, { type, fields, artifacts, environments: ["staging"] });
    const content = { type, fields, artifacts, environments: ["staging"] };
    const votes = voters.map((voter) => ({
      id: voter,
      requirement: "way-back-exception",
      voter,
      decision: "approve" as const,
      contentHash: contentHash(content),
      at: "2026-01-02T00:00:00Z",
    }));
    const change = aChange({ ...content, facts, votes, requester: "anna" });
    const situation = aSituation({ rehearsals: [aRehearsal(change, { rollback: "absent" })], people });
    const gate = checkGate("rehearsed", { process, change, situation });
    const { missing } = evaluateApprovals({ process, change, environment: "staging", facts, people, by: "deployment" });
    return { gate, missing };
  }

  test("without a reason nothing goes on that has no way back, and it is said where the reason goes", () => {
    const { gate, missing } = asking("");
    expect(gate).toMatchObject({ ok: false, refusal: { code: "ROLLBACK_NOT_PROVEN" } });
    expect(gate.ok ? "" : gate.refusal.hint).toContain('"Why it goes without a rehearsed way back"');
    expect(missing).not.toContain("way-back-exception");
  });

  test("a reason alone is approved by nobody: neither by whoever asks nor by somebody without the position", () => {
    const reason = "The values are deleted by law.";
    expect(asking(reason).gate.ok).toBe(true);
    expect(asking(reason).missing).toContain("way-back-exception");
    expect(asking(reason, ["anna", "ben"]).missing).toContain("way-back-exception");
  });

  test("another who may approves the exception", () => {
    expect(asking("The values are deleted by law.", ["carla"]).missing).not.toContain("way-back-exception");
  });
});
