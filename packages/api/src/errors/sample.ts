import type { ErrorTopic } from "./topic.ts";

/** Codes of: the sample workspace. */
export const sample: ErrorTopic = {
  id: "sample",
  title: "The sample workspace",
  about: "Trying the product out.",
  codes: {
    SAMPLE_NOT_THERE: { status: 404, means: "There is no sample workspace here.", next: "Nothing needs to be done." },
    SAMPLE_THERE: {
      status: 409,
      means: "The sample workspace is there already.",
      next: "Remove it first, if a new one is wanted.",
    },
    SAMPLE_BUSY: {
      status: 409,
      means: "Deployments of the sample have not stopped yet.",
      next: "Try again in a moment.",
    },
    SAMPLE_IN_USE: {
      status: 409,
      means: "The sample cannot be removed, since other things hang on it; each is listed.",
      next: "Take people out of its teams; with changes of your own, keep it or start an empty workspace.",
    },
    SAMPLE_SIGN_IN_OFF: {
      status: 403,
      means: "Signing in as a person of the sample is not offered here.",
      next: "Sign in with a password or a link.",
    },
    SAMPLE_PERSON_UNKNOWN: {
      status: 422,
      means: "Nobody of the sample has this handle.",
      next: "Choose one of those that the sign-in page offers.",
    },
    WORKSPACE_IN_USE: {
      status: 409,
      means: "The workspace has a configuration of its own; the sample needs an empty one.",
      next: "Start a server on another data folder.",
    },
    CHANGE_NOT_OF_SAMPLE: {
      means: "A change was requested by somebody who is not of the sample.",
      next: "Changes stay for good: keep this workspace, or start an empty one.",
    },
    PERSON_IN_SAMPLE_TEAM: {
      means: "Somebody who is not of the sample is in one of its teams.",
      next: "Take them out of the team.",
    },
    CONFIGURATION_NOT_OF_SAMPLE: {
      means: "A configuration that is not of the sample is in force.",
      next: "Keep this workspace, or start an empty one.",
    },
  },
};
