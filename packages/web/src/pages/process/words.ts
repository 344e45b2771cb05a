import type { Gate, Trigger } from "@change-mgmt/domain/process/process.ts";

/** What each gate asks for. */
export const GATE_WORDS: Readonly<Record<Gate, string>> = {
  form: "form valid",
  steps: "checklist complete",
  rehearsed: "rehearsed, up and down",
  validated: "validation passed",
  "approved-all": "approved for every environment",
  approved: "approved for the environment",
  "previous-environment": "deployed to the one before",
  obligations: "nothing owed",
  "tested-before-approval": "tests due before approval passed",
  "tested-before-deployment": "tests due before deployment passed",
  "tested-after-deployment": "every test passed",
  window: "a window is open",
};

/** What moves a change, as people say it. */
export const TRIGGER_WORDS: Readonly<Record<Trigger, string>> = {
  ready: "by itself",
  submit: "submit",
  assess: "assess",
  reject: "reject",
  rework: "take back to work",
  edit: "edit",
  deploy: "deploy",
  deployed: "once deployed",
  "deployment-failed": "deployment fails",
  rollback: "roll back",
  "rolled-back": "once rolled back",
  "rollback-failed": "rollback fails",
  close: "close",
  cancel: "cancel",
};
