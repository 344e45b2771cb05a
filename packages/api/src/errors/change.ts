import type { ErrorTopic } from "./topic.ts";

/** Codes of: changes. */
export const change: ErrorTopic = {
  id: "change",
  title: "Changes",
  about: "From the form to the approval.",
  codes: {
    CHANGE_UNKNOWN: {
      status: 404,
      means: "There is no change of this number or id.",
      next: "Look for it in the list of changes.",
    },
    CHANGE_OVER: {
      status: 409,
      means: "The change is closed, cancelled or rejected, and stays as it is.",
      next: "Make a further change.",
    },
    FORM_INVALID: {
      status: 422,
      means: "Fields of the form are missing or do not hold what the process asks for; each is listed.",
      next: "Correct the fields named.",
    },
    CHANGE_FILE_INVALID: {
      status: 422,
      means: "The file is not a change request that can be read; each problem comes with its line.",
      next: "Correct the lines named, or begin with the empty template: `change-mgmt export --template --process=…`.",
    },
    FILE_KIND_UNKNOWN: {
      status: 422,
      means: "From the name of the file it cannot be told how it is to be read.",
      next: "Name it .md, .yaml, .yml or .csv.",
    },
    TEMPLATE_MISSING: {
      status: 422,
      means: "The process has no template for files of this kind.",
      next: "Use the kind that it has one for, or a CSV file.",
    },
    HEADING_MISSING: { means: "A Markdown file has no heading.", next: "Begin with ## and the title of the change." },
    HEADING_UNKNOWN: {
      means: "A Markdown file has a heading or label that the template has not.",
      next: "Correct it, or write it below Further fields.",
    },
    TEXT_UNPLACED: {
      means: "A Markdown file has text that belongs to no heading or label of the template.",
      next: "Write it below one of them.",
    },
    FIELD_REQUIRED: { means: "A field that the process asks for is empty.", next: "Fill it in." },
    FIELD_VALUE: { means: "A field holds a value that cannot be chosen.", next: "Choose one of those listed." },
    FIELD_KIND: {
      means: "A field holds another kind of value than it takes, such as a text where a date belongs.",
      next: "Give the kind named.",
    },
    FIELD_PATTERN: {
      means: "The text of a field is not in the form that the process asks for.",
      next: "Write it as the help of the field says.",
    },
    FIELD_TOO_EARLY: {
      means: "A date lies too soon after the one it is counted from.",
      next: "Choose a later date; the field says how much later.",
    },
    STANDING_UNKNOWN: {
      means: "The catalogue of the process has no standard change of this id.",
      next: "See which it has: `change-mgmt process standing itil`.",
    },
    STANDING_EXPIRED: {
      means: "The standing change that the form names may not be used any more.",
      next: "Leave it out and ask for the approvals, or have its owner renew it in the process.",
    },
    STANDING_CONDITIONS: {
      means: "The change does not meet the conditions of the standing change that it is said to be.",
      next: "Leave it out, or correct what is named.",
    },
    FIELD_RANGE: {
      means: "A field is shorter, longer, smaller or larger than the process allows.",
      next: "Stay within the bound named.",
    },
    FIELD_REPEATED: { means: "A field names the same thing twice.", next: "Name it once." },
    FIELD_NOT_APPLICABLE: {
      means: "A field is filled in that is not asked for a change of this kind.",
      next: "Leave it out.",
    },
    FIELD_UNKNOWN: {
      means: "The form of the process has no such field, or a rule of the process names a field that its form lacks.",
      next: "Correct the name.",
    },
    COMPONENT_UNKNOWN: {
      means: "There is no component of this name in the configuration.",
      next: "Correct the name; Environments and `config show` list the components.",
    },
    TICKET_TAKEN: {
      status: 409,
      means: "The ticket belongs to another change; one ticket belongs to one.",
      next: "Let it belong to that one no longer first: `change-mgmt tickets forget`.",
    },
    TICKET_UNKNOWN: {
      status: 404,
      means: "The change has no such ticket.",
      next: "See which it has: `change-mgmt tickets list --change=…`.",
    },
    ARTIFACT_TWICE: { status: 409, means: "Two artifacts of the change have the same id.", next: "Give each its own." },
    PROCESS_NOT_CHOSEN: {
      status: 409,
      means: "The workspace has no default process yet, and the change names none.",
      next: "Name a process, or import a configuration.",
    },
    PROCESS_UNKNOWN: { status: 409, means: "There is no process of this name.", next: "Choose one of those listed." },
    NO_ROUTE: {
      status: 409,
      means: "The routing table of the process says nothing for this change, so no team gets it.",
      next: "Add a row to the routing table of the process.",
    },
    NO_OWNING_TEAM: {
      status: 409,
      means: "The change goes to the team that owns its component, and names none, or one without a team.",
      next: "Name an affected component that has a team.",
    },
    NO_ENVIRONMENT: {
      status: 409,
      means: "The change goes through no environment.",
      next: "Import a configuration with environments and make the change again.",
    },
    NO_TRANSITION: {
      status: 409,
      means: "The process does not lead from the stage of the change to what is wanted, or a gate on the way is shut.",
      next: "See what is possible from here and which gates are missing; the answer names both.",
    },
    GATE_NOT_JUDGED: {
      status: 409,
      means: "A gate was not looked at, and what was not looked at does not pass.",
      next: "This is a defect of the product; report it with the number of the change.",
    },
    STATUS_NOT_SET: {
      status: 409,
      means: "No act brings a change to this status; it gets there by itself when its gates are open.",
      next: "Do what the open gates ask for.",
    },
    ASSESSMENT_INVALID: {
      status: 409,
      means: "The impact analysis lacks something; each part is listed.",
      next: "Correct what is named.",
    },
    WRONG_STAGE: {
      status: 409,
      means: "No votes are taken in the stage that the change is in.",
      next: "Wait for the stage of the approval.",
    },
    NOT_AN_APPROVER: {
      status: 403,
      means: "None of the approvals that are missing is yours to give.",
      next: "The approvals of the change name who could.",
    },
    ALREADY_VOTED: {
      status: 409,
      means: "Your vote counts already, for this requirement or for one that must come from somebody else.",
      next: "A vote stands until the content changes, or until it is withdrawn before anything was decided.",
    },
    DECIDED: {
      status: 409,
      means: "What you would take back has decided something already.",
      next: "An edit, or taking the change back to work, asks for every vote anew.",
    },
    NO_VOTE: {
      status: 409,
      means: "There is no vote or recusal of yours on the content as it is now.",
      next: "There is nothing to withdraw.",
    },
    RECUSED: {
      status: 409,
      means: "You, or the person whose vote it would be, keep out of this change for a conflict of interest.",
      next: "Withdraw the recusal where there is no conflict after all.",
    },
    ALREADY_RECUSED: {
      status: 409,
      means: "You keep out of this change already.",
      next: "There is nothing to do.",
    },
    NOT_A_STAND_IN: {
      status: 403,
      means: "You do not stand in for this person at this moment.",
      next: "They can name who votes for them, and from when to when.",
    },
    CHOOSE_REQUIREMENT: {
      status: 422,
      means: "Your vote could count for one of several requirements.",
      next: "Name the one it is for.",
    },
    APPROVAL_OUT_OF_ORDER: {
      status: 409,
      means: "This approval comes after others that are not given yet.",
      next: "Vote when they have been given.",
    },
    REPORT_KIND_UNKNOWN: {
      status: 409,
      means: "The process of the change knows no report of this kind.",
      next: "Use one of those listed.",
    },
    REQUIREMENT_UNKNOWN: {
      status: 409,
      means:
        "The change needs no approval of this name; in a process file, a requirement is named that does not exist.",
      next: "Choose one of those listed.",
    },
    COMMENT_REQUIRED: { status: 422, means: "A rejection says why.", next: "Add a comment." },
    CONTENT_CHANGED: {
      status: 412,
      means: "The change says something else now than what you looked at.",
      next: "Look at it again and decide on what it says now.",
    },
    CONTENT_DEPLOYED: {
      status: 409,
      means: "What the change says is deployed somewhere, so it cannot say something else.",
      next: "Roll it back there first, or make a further change.",
    },
    STEP_UNKNOWN: {
      status: 404,
      means: "The checklist has no such step; in a process file, a step is named that does not exist.",
      next: "Correct its name.",
    },
    STEP_ALREADY_COMPLETE: { status: 409, means: "The step was completed before.", next: "Add a comment instead." },
    STEP_AUTOMATIC: {
      status: 409,
      means: "The engine completes this step by itself.",
      next: "Wait for what completes it; the answer names it.",
    },
    STEP_NOT_IN_STAGE: {
      status: 409,
      means: "The step belongs to a stage that the change has not reached.",
      next: "Complete the steps of the current stage first.",
    },
    STEP_NOT_YOURS: {
      status: 403,
      means: "The step takes a role or position that you do not have.",
      next: "Ask somebody with one of those named.",
    },
    EVIDENCE_MISSING: {
      status: 422,
      means: "The step needs evidence of kinds that were not given.",
      next: "Give at least one item of each kind named.",
    },
    STAGE_UNKNOWN: { status: 409, means: "The process has no such stage.", next: "Choose one of those listed." },
    NO_OPEN_STEP: {
      status: 409,
      means: "No step of this stage or an earlier one is open.",
      next: "Later steps come with their stage.",
    },
    STEPS_OPEN: {
      status: 409,
      means: "Steps of the checklist are not done that have to be done first.",
      next: "Complete the steps named.",
    },
    NOT_APPROVED: {
      status: 409,
      means: "Approvals are missing, or somebody rejected the change.",
      next: "Ask those who could approve; meet an objection by an edit.",
    },
    OBLIGATIONS_OPEN: {
      status: 409,
      means: "What the change owes after its deployment is not done, or the process does not say what it owes.",
      next: "Complete the steps named.",
    },
    MONITORING_PERIOD: {
      status: 409,
      means: "The change is still being watched after its deployment.",
      next: "Close it when the period is over, or roll it back if something is wrong.",
    },
    STILL_DEPLOYED: {
      status: 409,
      means: "The change has left traces in environments, so it cannot be cancelled.",
      next: "Roll it back there first.",
    },
  },
};
