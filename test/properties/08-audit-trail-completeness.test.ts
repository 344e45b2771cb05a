import type { AuditEntry } from "@change-mgmt/domain/audit/entry.ts";
import type { Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { verifyExport } from "@change-mgmt/domain/verify/verify-export.ts";
import { setBaseline } from "@change-mgmt/server/assets/environments/set-baseline.ts";
import { addTeamMember, createTeam, editUser } from "@change-mgmt/server/assets/people/people-commands.ts";
import { createLink, createToken } from "@change-mgmt/server/assets/people/token-commands.ts";
import { newestSeal, sealAll } from "@change-mgmt/server/audit/sealer.ts";
import { verifySignature } from "@change-mgmt/server/audit/signing-key.ts";
import type { Door } from "@change-mgmt/server/commands/execute.ts";
import { castVote } from "@change-mgmt/server/lifecycle/approval/cast-vote.ts";
import { reworkChange } from "@change-mgmt/server/lifecycle/approval/rework-change.ts";
import { assessChange } from "@change-mgmt/server/lifecycle/assessment/assess-change.ts";
import { requestDeployment } from "@change-mgmt/server/lifecycle/deployment/request-deployment.ts";
import { requestRollback } from "@change-mgmt/server/lifecycle/deployment/request-rollback.ts";
import { signOffStep } from "@change-mgmt/server/lifecycle/deployment/stop-deployment.ts";
import { addStep } from "@change-mgmt/server/lifecycle/implementation/add-step.ts";
import { completeStep } from "@change-mgmt/server/lifecycle/implementation/complete-step.ts";
import { submitReport } from "@change-mgmt/server/lifecycle/implementation/submit-report.ts";
import { closeChange } from "@change-mgmt/server/lifecycle/monitoring/close-change.ts";
import { exportPieces } from "@change-mgmt/server/lifecycle/reporting/export-pieces.ts";
import { cancelChange } from "@change-mgmt/server/lifecycle/requests/cancel-change.ts";
import { commentOnChange } from "@change-mgmt/server/lifecycle/requests/comment-on-change.ts";
import { createChange } from "@change-mgmt/server/lifecycle/requests/create-change.ts";
import { editChange } from "@change-mgmt/server/lifecycle/requests/edit-change.ts";
import { submitChange } from "@change-mgmt/server/lifecycle/requests/submit-change.ts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HANDLES, type OpenInstallation, open } from "./data-layer/installation.ts";

interface Target {
  readonly id: string;
  readonly contentHash: string;
  /** A step that is open by hand in the stage it is in. */
  readonly step: string;
}

/** What a command is sent with, and the event that tells that it was done. */
interface Act {
  readonly command: { readonly name: string };
  readonly input: (target: Target, n: number) => Record<string, unknown>;
  readonly done: string;
  /** Whether it is about a change. */
  readonly onChange: boolean;
}

const NOWHERE = "01a00000-0000-7000-8000-000000000000";
const reason = { reason: "Because." };
const onChange = (
  command: Act["command"],
  done: string,
  more: (target: Target, n: number) => Record<string, unknown> = () => ({}),
): Act => ({
  command,
  done,
  onChange: true,
  input: (target, n) => ({ id: target.id, ...more(target, n) }),
});
const elsewhere = (command: Act["command"], done: string, input: Act["input"]): Act => ({
  command,
  done,
  input,
  onChange: false,
});

const FIELDS = {
  type: "add-field",
  title: "Any",
  description: "Whatever.",
  components: ["data-layer"],
  tables: ["users"],
};
const HANDWORK = {
  kind: "manual",
  id: "look",
  name: "Look",
  steps: [{ id: "look", title: "Look", undo: "Look away" }],
};

const ACTS: readonly Act[] = [
  elsewhere(createChange, "change.created", (_, n) => ({ fields: FIELDS, artifacts: [HANDWORK], submit: n % 2 === 0 })),
  elsewhere(createChange, "change.created", () => ({ fields: { ...FIELDS, colour: "red" } })),
  onChange(editChange, "change.edited", (_, n) => ({ fields: { title: `Title ${n}` } })),
  onChange(submitChange, "change.routed"),
  onChange(assessChange, "change.assessed", () => ({ impact: "None." })),
  onChange(assessChange, "change.assessed", () => ({ impact: 7 })),
  onChange(completeStep, "step.completed", ({ step }) => ({
    step,
    evidence: [
      { kind: "note", value: "done" },
      { kind: "link", value: "https://ci.example/1" },
    ],
  })),
  onChange(completeStep, "step.completed", ({ step }) => ({
    step,
    evidence: [
      { kind: "note", value: "done" },
      { kind: "link", value: "https://ci.example/1" },
    ],
  })),
  onChange(addStep, "step.added", (_, n) => ({ title: `Step ${n}` })),
  onChange(castVote, "vote.approved", ({ contentHash }) => ({ decision: "approve", contentHash })),
  onChange(castVote, "vote.rejected", ({ contentHash }) => ({ decision: "reject", comment: "No.", contentHash })),
  onChange(commentOnChange, "change.commented", () => ({ text: "Well." })),
  onChange(cancelChange, "cancellation.given", () => reason),
  onChange(reworkChange, "rework.begun", () => reason),
  onChange(closeChange, "review.summed-up"),
  onChange(submitReport, "report.submitted", (_, n) => ({ kind: "tests", commit: "4f2a9c1", passed: n, failed: 0 })),
  onChange(requestDeployment, "deployment.requested", () => ({ environment: "development" })),
  onChange(requestRollback, "rollback.requested", () => ({ environment: "development", ...reason })),
  onChange(signOffStep, "deployment.signed-off", () => ({ step: "look:look" })),
  elsewhere(createTeam, "team.created", (_, n) => ({ name: `team-${n}` })),
  elsewhere(addTeamMember, "team.member-added", (_, n) => ({ name: `team-${n}`, user: "bora" })),
  elsewhere(editUser, "user.edited", (_, n) => ({ handle: "bora", name: `Bora ${n}` })),
  elsewhere(createToken, "token.created", (_, n) => ({ name: `token ${n}` })),
  elsewhere(createLink, "link.created", () => ({ user: "bora" })),
  elsewhere(setBaseline, "environment.baseline-set", () => ({
    environment: "staging",
    model: { objects: {} },
    ...reason,
  })),
];

/** An act by somebody on one of the changes there are; now and then on one that does not exist. */
const anyAct = fc.record({
  who: fc.constantFrom(...HANDLES),
  /** Which of the acts. */
  which: fc.nat({ max: ACTS.length - 1 }),
  pick: fc.nat(),
  lost: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  n: fc.integer({ min: 1, max: 5 }),
});

describe("Property 8: Audit Trail Completeness (requirement 3.3)", () => {
  let place: OpenInstallation;
  let changes: string[] = [];
  const seen = { done: 0, refused: 0 };

  beforeAll(async () => {
    place = await open();
    const { installation, actors } = place;
    for (const who of ["rosa", "olga"]) {
      const made = await installation.door.execute(
        createChange,
        { fields: FIELDS, artifacts: [HANDWORK], submit: true },
        { actor: actors[who]! },
      );
      if (made.ok) changes.push(made.value.id);
    }
  });
  afterAll(() => place?.close());

  const entriesAfter = async (rows: number): Promise<AuditEntry[]> => {
    const found = await place.installation.store.db
      .selectFrom("audit_trail")
      .select("entry")
      .orderBy("id")
      .offset(rows)
      .execute();
    return found.map(({ entry }) => JSON.parse(entry) as AuditEntry);
  };
  const countEntries = async () => {
    const { db } = place.installation.store;
    return Number(
      (
        await db
          .selectFrom("audit_trail")
          .select((eb) => eb.fn.countAll().as("n"))
          .executeTakeFirstOrThrow()
      ).n,
    );
  };
  const lookAt = async (id: string) => {
    const { db } = place.installation.store;
    const change = await db
      .selectFrom("change_requests")
      .select(["number", "version", "content_hash"])
      .where("id", "=", id)
      .executeTakeFirst();
    const state = await db
      .selectFrom("workflow_states")
      .select(["current_step", "step_data"])
      .where("change_id", "=", id)
      .executeTakeFirst();
    const steps = (state?.step_data ?? []) as { id: string; stage: string; automatic: boolean; completed?: unknown }[];
    const open = steps.find((step) => step.stage === state?.current_step && !step.automatic && !step.completed);
    return {
      number: change?.number ?? null,
      version: change?.version,
      target: { id, contentHash: change?.content_hash ?? "none", step: open?.id ?? "nothing-open" },
    };
  };

  test("every command, done or refused, by anybody, leaves an entry that says who, what, about which change and how it ended", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyAct, { minLength: 4, maxLength: 12 }), async (acts) => {
        for (const { who, which, pick, lost, n } of acts) {
          const act = ACTS[which]!;
          const actor = place.actors[who] as Actor;
          const id = lost ? NOWHERE : changes[pick % changes.length]!;
          const before = await lookAt(id);
          const rows = await countEntries();
          const execute = place.installation.door.execute.bind(place.installation.door) as (
            command: Act["command"],
            input: unknown,
            request: Parameters<Door["execute"]>[2],
          ) => Promise<Outcome<{ id?: string }>>;
          const outcome = await execute(act.command, act.input(before.target, n), { actor });
          const entries = await entriesAfter(rows);
          const told = entries.map((entry) => ({
            event: entry.event_type,
            by: entry.actor.handle,
            id: entry.actor.user_id,
            change: entry.change_request_id,
            outcome: entry.outcome,
          }));
          const by = { by: who, id: actor.userId };
          if (outcome.ok) {
            seen.done += 1;
            const made = act.command === createChange ? outcome.value.id! : undefined;
            if (made !== undefined) changes = [...changes, made];
            const change = made === undefined ? (act.onChange ? before.number : null) : (await lookAt(made)).number;
            expect(told).toContainEqual({ event: act.done, ...by, change, outcome: "done" });
            for (const entry of told) expect(entry).toMatchObject({ ...by, change, outcome: "done" });
          } else {
            seen.refused += 1;
            const change = act.onChange ? before.number : null;
            expect(told).toEqual([{ event: `${act.command.name}.refused`, ...by, change, outcome: "refused" }]);
            expect(entries[0]!.details).toMatchObject({ code: outcome.refusal.code, message: outcome.refusal.message });
            expect((await lookAt(id)).version).toBe(before.version);
          }
        }
      }),
      { numRuns: 15, endOnFailure: true },
    );
    expect(seen.done).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(0);
  });

  test("the trail of all that verifies, and holds every entry that was made", async () => {
    const { store, key } = place.installation;
    await sealAll(store.db, key);
    const seal = await newestSeal(store.db);
    const pieces: string[] = [];
    for await (const piece of exportPieces(store.db, seal!)) pieces.push(piece);
    const verdict = await verifyExport(pieces.join("").split("\n").slice(0, -1), {
      publicKeys: { [key.id]: key.publicKey },
      verifySignature,
    });
    expect(verdict).toMatchObject({ ok: true, count: await countEntries(), signature: "valid" });
  });
});
