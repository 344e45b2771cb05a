import type { Problem } from "../change/refusal.ts";
import type { Status } from "../change/status.ts";
import { unguardedStages } from "./check-deployments.ts";
import { members } from "./conditions.ts";
import { implies } from "./coverage.ts";
import { problem } from "./problem.ts";
import type { Gate, Process, Stage, TestMoment, Transition } from "./process.ts";
import { tablesIn } from "./table.ts";

interface Way {
  readonly process: Process;
  readonly stage: Stage;
  readonly transition: Transition;
  /** Status of the stage it leads to. */
  readonly to: Status;
}

/** A gate that a transition has to ask for, what could happen without it, and where. */
interface Demand {
  readonly gate: Gate;
  readonly code: string;
  readonly otherwise: string;
  readonly on: (way: Way) => boolean;
}

const APPROVED: ReadonlySet<Status> = new Set(["approved", "scheduled"]);

const isDeploy = ({ transition }: Way) => transition.on === "deploy";
const isClosing = ({ transition }: Way) => transition.on === "close";
const becomesApproved = ({ transition, stage, to }: Way) =>
  transition.on === "ready" && APPROVED.has(to) && !APPROVED.has(stage.status);

const DEMANDS: readonly Demand[] = [
  {
    gate: "form",
    code: "FORM_UNCHECKED",
    otherwise: "goes on with a form that nobody has checked",
    on: ({ process, stage, transition: { on } }) => on === "submit" || (on === "ready" && isEdited(process, stage.id)),
  },
  {
    gate: "steps",
    code: "STEPS_SKIPPED",
    otherwise: "goes on with steps undone",
    on: (way) =>
      isClosing(way) ||
      (isDeploy(way) && admitsLast(way)) ||
      (["submit", "ready"].includes(way.transition.on) && way.stage.steps.length > 0),
  },
  {
    gate: "validated",
    code: "VALIDATION_SKIPPED",
    otherwise: "goes on without a validation of what it says now",
    on: (way) =>
      (way.transition.on === "ready" && way.stage.status === "validating") ||
      ((becomesApproved(way) || isDeploy(way)) && !isValidatedLater(way)),
  },
  {
    gate: "approved-all",
    code: "APPROVAL_SKIPPED",
    otherwise: "is called approved before everybody asked has approved it",
    on: (way) => becomesApproved(way) || (way.transition.on === "ready" && way.stage.status === "awaiting_approval"),
  },
  {
    gate: "approved",
    code: "APPROVAL_SKIPPED",
    otherwise: "is deployed although a vote for it may have become void",
    on: isDeploy,
  },
  {
    gate: "rehearsed",
    code: "REHEARSAL_SKIPPED",
    otherwise: "goes on with a way back that was never rehearsed",
    on: (way) =>
      (way.transition.on === "ready" && way.stage.status === "validating") || (isDeploy(way) && isUnrehearsed(way)),
  },
  {
    gate: "previous-environment",
    code: "ENVIRONMENT_SKIPPED",
    otherwise: "is deployed out of the order of environments",
    on: (way) => isDeploy(way) && way.process.environments.slice(1).some((environment) => admits(way, environment)),
  },
  {
    gate: "window",
    code: "WINDOW_SKIPPED",
    otherwise: "is deployed when no window is open or during a freeze",
    on: (way) => isDeploy(way) && (way.process.windows !== undefined || (way.process.freezes ?? []).length > 0),
  },
  {
    gate: "obligations",
    code: "OBLIGATIONS_SKIPPED",
    otherwise: "is closed while something is owed",
    on: isClosing,
  },
  tested("tested-before-approval", "before-approval", becomesApproved),
  tested("tested-before-deployment", "before-deployment", isDeploy),
  tested("tested-after-deployment", "after-deployment", isClosing),
];

/** Transitions without a gate that nothing else stands in for. */
export function checkGates(process: Process): readonly Problem[] {
  const status = new Map(process.stages.map((stage) => [stage.id, stage.status]));
  return process.stages.flatMap((stage) =>
    stage.transitions.flatMap((transition) => {
      const way: Way = { process, stage, transition, to: status.get(transition.to)! };
      return DEMANDS.filter((demand) => !transition.gates.includes(demand.gate) && demand.on(way)).map((demand) =>
        problem(
          demand.code,
          `On ${transition.on} from ${stage.id} to ${transition.to} a change ${demand.otherwise}.`,
          `Add the gate "${demand.gate}".`,
          transition.place ?? stage.place,
        ),
      );
    }),
  );
}

function tested(gate: Gate, due: TestMoment, on: Demand["on"]): Demand {
  return {
    gate,
    code: "TESTS_SKIPPED",
    otherwise: `goes on without the tests due ${due.replace("-", " ")}`,
    on: (way) => on(way) && asksForTests(way.process, due),
  };
}

/** Whether tests are due then that no step stands for. */
function asksForTests({ testing, stages }: Process, due: TestMoment): boolean {
  const byHand = stages.flatMap((stage) => stage.steps.flatMap((step) => step.tests ?? []));
  return tablesIn(testing)
    .flatMap((table) => table.rows)
    .some(
      ({ then }) => then.due === due && (then.forAll === true || then.tests.some((kind) => !byHand.includes(kind))),
    );
}

function isEdited({ stages }: Process, id: string): boolean {
  return stages.some((stage) => stage.transitions.some(({ on, to }) => on === "edit" && to === id));
}

function admits({ transition }: Way, environment: string): boolean {
  const wish = transition.when?.environment;
  return wish === undefined || members(wish).includes(environment);
}

function admitsLast(way: Way): boolean {
  const last = way.transition.when?.lastEnvironment;
  return admits(way, way.process.environments.at(-1)!) && (last === undefined || members(last).includes(true));
}

function isUnrehearsed({ process, stage }: Way): boolean {
  return unguardedStages(process, (transition) => transition.gates.includes("rehearsed")).has(stage.id);
}

/** Whether every change that goes this way owes its validation after the deployment, which then blocks closing. */
function isValidatedLater({ process, transition }: Way): boolean {
  const validations = process.stages
    .flatMap((stage) => stage.steps)
    .filter((step) => step.automatic?.on === "validation.passed")
    .map((step) => step.id);
  return tablesIn(process.afterwards)
    .flatMap((table) => table.rows)
    .some(
      (row) =>
        row.then.obligations.some((owed) => validations.includes(owed)) && implies(transition.when ?? {}, row.when),
    );
}
