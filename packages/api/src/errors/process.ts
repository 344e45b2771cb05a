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
      means: "The file process.yaml does not have the shape of a process.",
      next: "Correct what is named, each with line and column.",
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
