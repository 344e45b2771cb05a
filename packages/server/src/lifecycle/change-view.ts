import type { Change as ChangeView } from "@change-mgmt/api/changes.ts";
import type { Change } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, type Refusal, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Situation } from "@change-mgmt/domain/change/situation.ts";
import { FINAL_STATUSES } from "@change-mgmt/domain/change/status.ts";
import { checkDuty } from "@change-mgmt/domain/identity/duties.ts";
import { checkConcern, checkPermission, type Permission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { deadlinesOf } from "@change-mgmt/domain/lifecycle/approval/deadline.ts";
import { evaluateApprovals } from "@change-mgmt/domain/lifecycle/approval/quorum.ts";
import { decideVote, VOTING_STATUSES } from "@change-mgmt/domain/lifecycle/approval/vote.ts";
import { standsInFor } from "@change-mgmt/domain/lifecycle/approval/voters.ts";
import { decideRecusal, decideWithdrawal } from "@change-mgmt/domain/lifecycle/approval/withdrawal.ts";
import { checkNotHeld } from "@change-mgmt/domain/lifecycle/deployment/hold.ts";
import { checkFree, checkNotUnderWay } from "@change-mgmt/domain/lifecycle/deployment/occupied.ts";
import { rollbackProcedure } from "@change-mgmt/domain/lifecycle/deployment/procedure.ts";
import { openSteps } from "@change-mgmt/domain/lifecycle/implementation/checklist.ts";
import { moveBy } from "@change-mgmt/domain/lifecycle/settle.ts";
import type { Process, Trigger } from "@change-mgmt/domain/process/process.ts";
import { stageOf } from "@change-mgmt/domain/process/transition.ts";
import type { z } from "zod";
import { changeFrom, changeQueries, couldBeReference, idOf, unknownChange } from "../storage/change-record.ts";
import type { ProcessLibrary } from "../storage/process-record.ts";
import { situationFrom, situationQuery } from "../storage/situation-record.ts";
import type { Db } from "../storage/store.ts";
import { together } from "../storage/together.ts";
import { checkStanding, checkWayBack } from "./deployment/request-rollback.ts";
import { checkNoTraces } from "./requests/cancel-change.ts";
import { canBeEdited } from "./requests/edit-change.ts";

type View = z.input<typeof ChangeView>;

/** A change as one person sees it: everything it says, where its approvals stand, and what that person may do now. */
export async function viewChange(
  db: Db,
  processes: ProcessLibrary,
  reference: string,
  actor: Actor,
  now: Date,
): Promise<Outcome<View>> {
  if (!couldBeReference(reference)) return unknownChange(reference);
  const [rows, votes, situations, environments, scheduled] = await together(db, [
    ...changeQueries(db, reference, false),
    situationQuery(db, reference),
    db.selectFrom("change_environments").selectAll().where("change_id", "=", idOf(reference)).compile(),
    db
      .selectFrom("scheduled_deployments")
      .selectAll()
      .where("change_id", "=", idOf(reference))
      .where("state", "<>", "withdrawn")
      .orderBy("id", "desc")
      .limit(20)
      .compile(),
  ]);
  const found = changeFrom(reference, rows, votes);
  if (!found.ok) return found;
  const change = found.value;
  const process = await processes.pinned(db, change.process.hash);
  const situation = situationFrom(situations, change.id, now);
  const stage = stageOf(process, change.stage);
  return accept({
    id: change.id,
    number: change.number,
    process: change.process.name,
    title: change.title,
    type: change.type,
    priority: change.priority,
    status: change.status,
    stage: change.stage,
    stageTitle: stage.title,
    team: change.team,
    requester: change.requester,
    assignee: change.assignee,
    breaking: change.facts.breaking === true,
    version: change.version,
    createdAt: change.createdAt,
    updatedAt: change.updatedAt,
    description: change.description,
    processVersion: change.process.version,
    processHash: change.process.hash,
    fields: change.fields,
    artifacts: structuredClone(change.artifacts) as View["artifacts"],
    environments: change.environments.map((environment) => {
      const row = environments.find((candidate) => candidate.environment === environment);
      return {
        environment,
        state: (row?.state ?? "not-deployed") as View["environments"][number]["state"],
        deployment: row?.deployment_id ?? null,
        at: row?.updated_at.toISOString() ?? null,
      };
    }),
    contentHash: change.contentHash,
    assessment:
      change.assessment === null ? null : { ...change.assessment, dependencies: [...change.assessment.dependencies] },
    steps: structuredClone(change.steps) as View["steps"],
    votes: structuredClone(change.votes) as View["votes"],
    recusals: [...(change.recusals ?? [])],
    mayVoteFor: voicesOf(process, change, situation, actor),
    scheduled: scheduled.map(({ environment, at, scheduled_by, state, refusal }) => ({
      environment,
      at: at.toISOString(),
      by: scheduled_by,
      state: state as View["scheduled"][number]["state"],
      code: (refusal as Refusal | null)?.code ?? null,
      message: (refusal as Refusal | null)?.message ?? null,
    })),
    deadlines: deadlinesOf(process, change, situation).map(
      ({ requirement, title, environments, askedAt, dueAt, escalateTo }) => ({
        requirement,
        title,
        environments: [...environments],
        askedAt,
        dueAt,
        overdue: dueAt <= situation.now,
        escalateTo: escalateTo ?? null,
      }),
    ),
    approvals: change.environments.map((environment) => {
      const { met, explanation } = evaluateApprovals({
        process,
        change,
        environment,
        facts: change.facts,
        people: situation.people,
      });
      return { environment, met, explanation };
    }),
    acts: actsOf(process, change, situation, actor),
    facts: change.facts,
    rollbackProcedure: [...rollbackProcedure(process, change.facts).procedure],
  });
}

/** What a person may do with a change now, and why not, by the very rules that would refuse it. */
export function actsOf(process: Process, change: Change, situation: Situation, actor: Actor): View["acts"] {
  // An act that the stage knows nothing of is not a question; one whose gate is shut is, and says why.
  const offered = (trigger: Trigger, permission: Permission): View["acts"] => {
    if (!stageOf(process, change.stage).transitions.some((transition) => transition.on === trigger)) return [];
    const permitted = mayAct(actor, permission, change);
    return [
      act(
        trigger,
        both(permitted, () =>
          both(trigger === "cancel" ? checkNoTraces(change, situation) : accept(true), () =>
            moveBy(trigger, change, { process, situation }),
          ),
        ),
      ),
    ];
  };
  const over = FINAL_STATUSES.has(change.status) ? changeOver(change) : accept(true);
  const assess = act(
    "assess",
    both(checkPermission(actor, "change.assess"), () => over),
  );
  // In the order in which a change is worked on, so that the first one allowed is what to do next.
  return [
    ...offered("submit", "change.submit"),
    ...(change.assessment === null ? [assess] : []),
    act(
      "complete-steps",
      both(checkPermission(actor, "change.step"), () => both(over, () => openStepsByHand(process, change))),
    ),
    act("vote", mayVote(process, change, situation, actor)),
    ...change.environments.map((environment) =>
      act(`deploy:${environment}`, mayDeploy(process, change, situation, actor, environment)),
    ),
    ...offered("close", "change.close"),
    ...offered("rework", "change.rework"),
    act(
      "edit",
      both(mayAct(actor, "change.edit", change), () => canBeEdited(change)),
    ),
    ...(change.assessment === null ? [] : [assess]),
    ...change.environments.map((environment) =>
      act(`rollback:${environment}`, mayRollBack(process, change, situation, actor, environment)),
    ),
    ...offered("cancel", "change.cancel"),
    ...secondThoughts(process, change, situation, actor),
  ];
}

function mayAct(actor: Actor, permission: Permission, change: Change): Outcome<unknown> {
  return both(checkPermission(actor, permission), () => checkConcern(actor, permission, change));
}

function mayVote(process: Process, change: Change, situation: Situation, actor: Actor): Outcome<unknown> {
  const own = mayVoteFor(process, change, situation, actor, actor.handle);
  const others = () => standIns(situation, actor).some((one) => mayVoteFor(process, change, situation, actor, one).ok);
  return !own.ok && others() ? accept(true) : own;
}

/** Whose vote the actor could cast now: their own first, then those of people they stand in for. */
function voicesOf(process: Process, change: Change, situation: Situation, actor: Actor): string[] {
  return [actor.handle, ...standIns(situation, actor)].filter(
    (one) => mayVoteFor(process, change, situation, actor, one).ok,
  );
}

function standIns({ people, now }: Situation, actor: Actor): readonly string[] {
  const person = people.find(({ handle }) => handle === actor.handle);
  return person === undefined ? [] : standsInFor(person, now);
}

function mayVoteFor(
  process: Process,
  change: Change,
  situation: Situation,
  actor: Actor,
  whom: string,
): Outcome<unknown> {
  const permitted = both(checkPermission(actor, "change.vote"), () =>
    checkDuty(process.duties, change.requester, actor.handle, "approve"),
  );
  return both(permitted, () => {
    const decided = decideVote({
      process,
      change,
      decision: "approve",
      contentHash: change.contentHash,
      voter: actor,
      for: whom,
      people: situation.people,
      now: situation.now,
      voteId: "asked",
    });
    return !decided.ok && decided.refusal.code === "CHOOSE_REQUIREMENT" ? accept(true) : decided;
  });
}

/** Taking back what one has said, and keeping out: offered to whoever has said something, or has a say. */
function secondThoughts(process: Process, change: Change, situation: Situation, actor: Actor): View["acts"] {
  const permitted = checkPermission(actor, "change.vote");
  const question = { process, change, person: actor.handle, people: situation.people, now: situation.now };
  const taken = decideWithdrawal(question);
  const withdraw = permitted.ok && (taken.ok || taken.refusal.code === "DECIDED") ? [act("withdraw-vote", taken)] : [];
  const hasSay = VOTING_STATUSES.has(change.status) && mayVote(process, change, situation, actor).ok;
  return hasSay ? [...withdraw, act("recuse", decideRecusal({ ...question, reason: "asked" }))] : withdraw;
}

function mayDeploy(
  process: Process,
  change: Change,
  situation: Situation,
  actor: Actor,
  environment: string,
): Outcome<unknown> {
  const state = stateOf(situation, environment);
  const permitted = both(checkPermission(actor, "change.deploy"), () =>
    checkDuty(process.duties, change.requester, actor.handle, "deploy"),
  );
  const gates = () =>
    state === "deployed"
      ? refuse(
          "ALREADY_DEPLOYED",
          `${change.number} is deployed to ${environment} already.`,
          "There is nothing to do there.",
        )
      : moveBy("deploy", change, { process, situation }, environment);
  // The order of the command: what somebody can see to while the environment is taken comes before that it is.
  return both(permitted, () =>
    both(checkNotUnderWay(change, situation, environment), () =>
      both(gates(), () => checkOpen(situation, environment)),
    ),
  );
}

function mayRollBack(
  process: Process,
  change: Change,
  situation: Situation,
  actor: Actor,
  environment: string,
): Outcome<unknown> {
  return both(checkPermission(actor, "change.rollback"), () =>
    both(checkStanding(change, situation, environment), () =>
      both(moveBy("rollback", change, { process, situation }, environment), () =>
        both(checkOpen(situation, environment), () =>
          // Of one that failed half-way only what was begun is taken back, which the command finds out.
          stateOf(situation, environment) === "deployed" ? checkWayBack(change.artifacts) : accept(true),
        ),
      ),
    ),
  );
}

function checkOpen(situation: Situation, environment: string): Outcome<unknown> {
  return both(checkNotHeld(situation), () => checkFree(situation, environment));
}

function stateOf(situation: Situation, environment: string): string {
  return situation.environments.find((fact) => fact.environment === environment)?.state ?? "not-deployed";
}

function openStepsByHand(process: Process, change: Change): Outcome<unknown> {
  if (openSteps(process, change).some((step) => !step.automatic)) return accept(true);
  return refuse(
    "NO_OPEN_STEP",
    "No step of this stage or an earlier one is open.",
    "Later steps come with their stage.",
  );
}

function changeOver(change: Change) {
  return refuse("CHANGE_OVER", `${change.number} is ${change.status}.`, "Make a further change.");
}

function both(first: Outcome<unknown>, second: () => Outcome<unknown>): Outcome<unknown> {
  return first.ok ? second() : first;
}

function act(name: string, outcome: Outcome<unknown>): View["acts"][number] {
  if (outcome.ok) return { act: name, allowed: true };
  const { code, message, hint, details } = outcome.refusal;
  const deployment = typeof details?.deployment === "string" ? { deployment: details.deployment } : {};
  return { act: name, allowed: false, code, reason: message, hint, ...deployment };
}
