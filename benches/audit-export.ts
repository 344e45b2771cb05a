import type { Artifact } from "@change-mgmt/domain/change/change.ts";
import { aTrail } from "@change-mgmt/domain/testing/a-trail.ts";
import { aChange } from "@change-mgmt/domain/testing/builders.ts";

const ACTS = [
  { type: "change.submitted", details: { stage: "review", contentHash: "0".repeat(64) } },
  {
    type: "step.completed",
    details: { step: "rollback-script", evidence: { kind: "note", text: "Tried on a copy." } },
  },
  { type: "change.approved", details: { requirement: "data-owner", environment: "production" } },
  { type: "deployment.started", details: { environment: "staging", artifacts: ["20261121_add_nickname"], attempt: 1 } },
];
const ARTIFACT: Artifact = {
  kind: "migration",
  name: "20261121_add_nickname.sql",
  up: "",
  down: "",
  id: "m-1",
  transactional: true,
};

const WHO = "01986e8e-7d1c-7a31-9c1b-";

/** An export of so many entries as a busy installation has them: a thousand approved changes that take turns, about a kilobyte an entry. */
export function anExport(entries: number): string {
  const vote = { id: "v-1", requirement: "data-owner", voter: "archie", decision: "approve" } as const;
  const draft = aChange({ number: "CHG-1204", type: "add-field", artifacts: [ARTIFACT] });
  const change = { ...draft, votes: [{ ...vote, contentHash: draft.contentHash, at: "2026-11-21T09:00:00Z" }] };
  const acts = Array.from({ length: entries }, (_, index) => {
    const stream = `${WHO}${String(index % 1000).padStart(12, "0")}`;
    return { stream, change, ...ACTS[index % ACTS.length]! };
  });
  const actor = {
    userId: `${WHO}aaaaaaaaaaaa`,
    handle: "rosa",
    roles: ["developer", "requester"] as const,
    ipAddress: "10.20.30.40",
  };
  return `${aTrail(acts, undefined, { ...actor, teams: [], positions: [] })
    .lines()
    .join("\n")}\n`;
}
