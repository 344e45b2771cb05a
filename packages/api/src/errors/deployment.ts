import type { ErrorTopic } from "./topic.ts";

/** Codes of: deployments and rollbacks. */
export const deployment: ErrorTopic = {
  id: "deployment",
  title: "Deployments and rollbacks",
  about: "What keeps one from starting, and how one ends.",
  codes: {
    SCHEDULE_PAST: {
      status: 422,
      means: "The moment for which a deployment is put down is over.",
      next: "Choose one to come, or deploy now.",
    },
    SCHEDULED_ALREADY: {
      status: 409,
      means: "A deployment of this change to this environment is put down already.",
      next: "Take that back first.",
    },
    NOT_SCHEDULED: {
      status: 409,
      means: "No deployment of this change to this environment is put down.",
      next: "There is nothing to take back.",
    },
    ENVIRONMENT_UNKNOWN: {
      status: 409,
      means: "The change does not go to this environment, or there is none of this name.",
      next: "Choose one of those named.",
    },
    PREVIOUS_ENVIRONMENT: {
      status: 409,
      means: "The change has to be deployed to an earlier environment first.",
      next: "Deploy it there.",
    },
    WATCH_OPEN: {
      status: 409,
      means: "A deployment of the change is still watched by its rollback triggers, or could not be measured.",
      next: "Wait for it, roll it back, or end the watch with a reason.",
    },
    WATCH_ENDED: {
      status: 409,
      means: "Nobody watches this deployment, or not any more.",
      next: "Nothing needs to be done.",
    },
    OUTSIDE_WINDOW: {
      status: 409,
      means: "No window is open in which a deployment to this environment may start.",
      next: "Deploy when the next one opens, which the refusal names.",
    },
    FROZEN: {
      status: 409,
      means: "The process keeps deployments from starting on these days.",
      next: "Deploy when they are over.",
    },
    NO_WINDOW: {
      status: 409,
      means: "The process opens no window for this environment and change at any time.",
      next: "Ask the owner of the process for one.",
    },
    TESTS_OPEN: {
      status: 409,
      means: "Tests that are due by now have not passed on the content as it is.",
      next: "Run them and hand in a report of each kind, or complete the step that stands for it.",
    },
    LATER_ENVIRONMENT: {
      status: 409,
      means: "The change is still in an environment that comes after this one.",
      next: "Roll back there first.",
    },
    NEWER_DEPLOYMENT: {
      status: 409,
      means: "Other changes came to this environment later.",
      next: "Roll the newer ones back first, newest first.",
    },
    ENVIRONMENT_BUSY: {
      status: 409,
      means: "Another deployment has the environment at this moment.",
      next: "Wait until it has ended.",
    },
    DEPLOYMENTS_HELD: {
      status: 409,
      means: "No deployment begins: a restore or a person holds them all.",
      next: "See that what is unfinished may go on, then let an operator or administrator release them.",
    },
    NOT_HELD: { status: 409, means: "Deployments are not held.", next: "Nothing needs to be released." },
    ALREADY_DEPLOYED: {
      status: 409,
      means: "The change is deployed there already.",
      next: "Nothing is left to do there.",
    },
    NOT_DEPLOYED: {
      status: 409,
      means: "The change is not deployed there, so nothing can be rolled back.",
      next: "Look at the environments of the change.",
    },
    DEPLOYMENT_ENDED: { status: 409, means: "The deployment is over.", next: "There is nothing to stop or sign off." },
    DRIFT_MOVED_ON: {
      status: 412,
      means: "The schema of the environment is not the one that was looked at.",
      next: "Look at the drift again, then decide.",
    },
    DEPLOYMENT_PAUSED: {
      status: 409,
      means: "Somebody has paused the deployment already.",
      next: "Let it go on, or stop it.",
    },
    DEPLOYMENT_NOT_PAUSED: { status: 409, means: "The deployment is not paused.", next: "Nothing needs to be done." },
    DEPLOYMENT_CANCELLED: {
      means: "The deployment was cancelled, or the worker was stopped.",
      next: "Start it again when it is wanted.",
    },
    FENCED: { means: "Another worker took the deployment up, or it has ended.", next: "Nothing needs to be done." },
    ALREADY_APPLIED: {
      means: "The migration is on this target already.",
      next: "Take it out of the change, or roll it back before deploying it again.",
    },
    APPLIED_IN_OTHER_VERSION: {
      means: "The migration is on this target with other content.",
      next: "Roll that deployment back first, or put what is new into a migration of its own.",
    },
    NOT_APPLIED: {
      means: "The migration was not applied to this target, so there is nothing to take back.",
      next: "See whether it is the right environment.",
    },
    ALREADY_ROLLED_BACK: {
      means: "The migration was rolled back on this target already.",
      next: "Start a new deployment if it is wanted again.",
    },
    NOT_VERIFIED: {
      means: "The ledger on the target does not say what the deployment did.",
      next: "See who else works on this target.",
    },
    MIGRATION_FAILED: {
      means: "A statement of the migration failed on the target; its transaction was undone.",
      next: "The answer has the words of Postgres, the line and the SQLSTATE.",
    },
    TARGET_DRIFTED: {
      means: "The schema of the target is not the one that the last deployment left.",
      next: "Put it right, or take what is there as the new baseline.",
    },
    ROLLBACK_INCOMPLETE: {
      means: "The rollback ran, and the schema is not what it was before the deployment.",
      next: "Put right what is named, and mend the way back.",
    },
    NO_ROLLBACK: {
      status: 409,
      means: "There is no way back: the command or the change has none.",
      next: "Take back by hand what was done, or configure a way back.",
    },
    NO_STEPS: {
      status: 409,
      means: "A manual artifact has no steps.",
      next: "Write down what is to be done, step by step.",
    },
    STEP_ID_TWICE: {
      status: 409,
      means: "Two steps of a manual artifact have the same id.",
      next: "Give each its own.",
    },
    COMMAND_UNKNOWN: {
      status: 409,
      means: "The command that an artifact names is not configured.",
      next: "Define it under commands in change-mgmt.yaml.",
    },
    COMMAND_REFERENCE_MISSING: {
      status: 409,
      means: "A variable that the command refers to is not set where the worker runs.",
      next: "Set it, then start the worker again.",
    },
    COMMAND_FAILED: { means: "The command ended with an error.", next: "Look at its output in the deployment." },
    COMMAND_TIMED_OUT: {
      means: "The command was not done in time, and was ended with all it had started.",
      next: "Raise its time limit in the configuration, or find out what it waits for.",
    },
    COMMAND_NOT_STARTED: {
      means: "The command could not be started.",
      next: "See that the program is installed where the worker runs, and that the working folder exists.",
    },
  },
};
