import type { ErrorTopic } from "./topic.ts";

/** Codes of: processes. */
export const process: ErrorTopic = {
  id: "process",
  title: "Processes",
  about: "What the check of a process finds: nothing with a gap is put in force.",
  codes: {
    PROCESS_NOT_FOUND: {
      means: "There is no process.yaml and cases.yaml in the folder.",
      next: "Name the folder of a process.",
    },
    PROCESS_INVALID: {
      status: 422,
      means: "The file process.yaml does not have the shape of a process.",
      next: "Correct what is named, each with line and column.",
    },
    PROCESS_OTHER: {
      status: 422,
      means: "The file is a process of another name than the one it is compared with.",
      next: "Compare it with versions of its own name.",
    },
    PROCESS_UNSOUND: { means: "The process has gaps or contradictions.", next: "Mend what is named." },
    CASES_INVALID: {
      means: "The file cases.yaml does not have the shape of worked cases.",
      next: "Correct what is named.",
    },
    NUMBER_PATTERN: {
      means: "The pattern of the change numbers cannot make numbers.",
      next: "Use {seq} once, and {yyyy} if the year belongs to it.",
    },
    STANDING_FIELD: {
      means: "The process has standing changes and no field of the form to choose one in.",
      next: "Add a field with the id and the fact `standing`, of the kind choice.",
    },
    STANDING_CIRCLE: {
      means: "Something that decides whether a change is a standing one rests on whether it is one.",
      next: "Ask for it where approvals, tests or what follows are decided.",
    },
    DIMENSION_UNKNOWN: {
      means: "A fact is named that is no dimension of the process.",
      next: "Correct the name, or declare the dimension.",
    },
    DIMENSION_UNDECLARED: {
      means: "A row asks for a dimension that its table does not declare.",
      next: "Declare it for the table.",
    },
    DIMENSION_RESERVED: {
      means: "The process declares a dimension that the engine gives.",
      next: "Remove it; it can be used without being declared.",
    },
    DERIVED_TOO_LATE: { means: "A fact is concluded from one that is concluded after it.", next: "Put it after." },
    FACT_KIND: { means: "A field of this kind cannot give a fact.", next: "Use one of the kinds listed." },
    FACT_UNCERTAIN: {
      means: "A table asks for a fact that nothing makes sure to be known.",
      next: "Give it a default, or require the field that gives it.",
    },
    CHOICE_EMPTY: { means: "A choice has no values.", next: "List them." },
    PATTERN_INVALID: { means: "The pattern of a field is no regular expression.", next: "Correct it." },
    TABLE_GAP: {
      means: "A table has no answer for some combinations.",
      next: "Add rows for them; where the source is silent, take the stricter neighbour.",
    },
    TABLE_CONTRADICTION: {
      means: "Two rows of a table can match at once and answer differently.",
      next: "Narrow one of them.",
    },
    ROW_SHADOWED: {
      means: "A row never decides anything, since others cover all of it.",
      next: "Remove or narrow it.",
    },
    TEMPLATE_ENTRY: {
      means: "An entry of the template for files says nothing, or several things at once.",
      next: "Give it one of field, says and approval.",
    },
    VALUE_UNKNOWN: { means: "A value is none of those that the dimension has.", next: "Correct it." },
    LEVELS_UNORDERED: {
      means: "The levels of a dimension do not rise to one without a limit.",
      next: "Order them by upTo and leave it out of the last.",
    },
    NEVER_HOLDS: { means: "A condition allows no value at all.", next: "Leave the dimension out to allow any." },
    DUPLICATE_ID: { means: "Two things of one kind have the same id.", next: "Give each its own." },
    ROLE_UNKNOWN: { means: "The process names a role that does not exist.", next: "Use one of the roles listed." },
    POSITION_UNKNOWN: {
      means: "The process names a position that it does not declare.",
      next: "Declare it or correct the name.",
    },
    COUNT_INVALID: { means: "An approval asks for a number of people that cannot be.", next: "Ask for at least one." },
    REQUIREMENT_AMBIGUOUS: { means: "One requirement means two things.", next: "Give each meaning its own id." },
    BOARD_UNKNOWN: { means: "An approval names a board that the process does not declare.", next: "Declare it." },
    BOARD_COUNTED: {
      means: "A board is asked for a count, or others for a board's decision.",
      next: "A board decides by its vote, everybody else by a count.",
    },
    BOARD_UNUSED: { means: "Nothing asks for a board.", next: "Remove it, or ask for it." },
    POSITION_UNUSED: { means: "Nothing asks for a position.", next: "Remove it, or ask for it." },
    PERCENT_INVALID: { means: "A board decides by a share that cannot be.", next: "A number above 0, at most 100." },
    SEAT_UNKNOWN: { means: "A chair or veto belongs to nobody who sits on the board.", next: "Give it a seat." },
    SEAT_TWICE: { means: "A board seats a position twice.", next: "Name each once." },
    QUORUM_INVALID: {
      means: "A quorum is no number of seats of the board.",
      next: "A whole number, at most that of its seats.",
    },
    APPROVAL_CYCLE: { means: "An approval comes after itself.", next: "Break the circle." },
    TEST_UNKNOWN: {
      means: "A step stands for a kind of test that no table asks for.",
      next: "Correct the word, or ask for it.",
    },
    TIME_INVALID: { means: "A time of day is none.", next: "Write it as HH:MM." },
    ZONE_UNKNOWN: { means: "There is no time zone of this name.", next: "Use a name such as Europe/Berlin." },
    DAYS_INVALID: {
      means: "The days of a freeze are none.",
      next: "Two dates YYYY-MM-DD, or MM-DD for every year.",
    },
    THRESHOLD_INVALID: {
      means: "A rollback trigger has a threshold that means nothing for what it looks at.",
      next: "Give it the threshold that is named, or none.",
    },
    ROW_UNMISSED: {
      means: "A row of a collecting table answers only where others do, so that nobody would notice its loss.",
      next: "Give it a table of its own, with a row for the other cases.",
    },
    ACT_UNANSWERED: {
      means: "A stage is silent about something that can happen to a change in its status.",
      next: "Say where it leads, or refuse it with a reason.",
    },
    ACTS_OVERLAP: { means: "A stage answers one act in two ways at once.", next: "Narrow one of the conditions." },
    ACT_OUT_OF_PLACE: { means: "A stage answers an act that does not happen in its status.", next: "Take it out." },
    FORM_UNCHECKED: { means: "A change goes on with a form that nobody checked.", next: 'Add the gate "form".' },
    STEPS_SKIPPED: { means: "A change goes on with steps undone.", next: 'Add the gate "steps".' },
    VALIDATION_SKIPPED: {
      means: "A change goes on without a validation of what it says.",
      next: 'Add the gate "validated".',
    },
    APPROVAL_SKIPPED: {
      means: "A change counts as approved, or is deployed, without asking for its approvals.",
      next: 'Add the gate "approved-all" or "approved", as named.',
    },
    REHEARSAL_SKIPPED: {
      means: "A change can be deployed with a way back that was never rehearsed.",
      next: 'Add the gate "rehearsed".',
    },
    ENVIRONMENT_SKIPPED: {
      means: "A change can be deployed out of the order of environments.",
      next: 'Add the gate "previous-environment".',
    },
    WINDOW_SKIPPED: {
      means: "A change can be deployed outside the windows that the process has.",
      next: 'Add the gate "window".',
    },
    OBLIGATIONS_SKIPPED: {
      means: "A change can be closed while it owes something.",
      next: 'Add the gate "obligations".',
    },
    TESTS_SKIPPED: { means: "A change goes on without tests that are due.", next: "Add the gate that is named." },
    TRIGGER_UNKNOWN: { means: "A transition names a trigger that does not exist.", next: "Use one of those listed." },
    GATE_UNKNOWN: { means: "A transition names a gate that does not exist.", next: "Use one of those listed." },
    STAGE_UNREACHABLE: { means: "No change ever reaches a stage.", next: "Lead a transition to it, or remove it." },
    STAGE_DEAD_END: { means: "From a stage no way leads to an end.", next: "Add a transition that ends it." },
    DEPLOYS_UNAPPROVED: {
      means: "A way leads to the last environment without approval.",
      next: "Put the gate of the approval on the way.",
    },
    DEPLOYS_UNVALIDATED: {
      means: "A way leads to the last environment without validation.",
      next: "Put the gate of the validation on the way.",
    },
  },
};
