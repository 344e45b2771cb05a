import type { ErrorTopic } from "./topic.ts";

/** Codes of: configuration. */
export const configuration: ErrorTopic = {
  id: "configuration",
  title: "Configuration",
  about: "change-mgmt.yaml, and how another version of it comes into force.",
  codes: {
    WORKSPACE_INVALID: {
      status: 422,
      means: "The file change-mgmt.yaml is not a sound configuration; each problem is listed with line and column.",
      next: "Correct what is named.",
    },
    SECRET_IN_CONFIGURATION: {
      status: 422,
      means: "The configuration holds a password or key.",
      next: "Put it into an environment variable, refer to the variable by its name, and change the password.",
    },
    CONFIG_CHANGE_NEEDED: {
      status: 409,
      means: "A configuration is in force, and another one comes with an approved change.",
      next: "Make a change that carries the file, have it approved, and name it at the import.",
    },
    CONFIG_CHANGE_NOT_APPROVED: {
      status: 409,
      means: "The change that should bring the configuration is not approved.",
      next: "Have it approved first.",
    },
    CONFIG_NOT_IN_CHANGE: {
      status: 409,
      means: "The change was approved, but not for this file.",
      next: "Import the very file that was approved.",
    },
    REFERENCE_UNSET: {
      status: 409,
      means: "A variable that the configuration refers to is not set.",
      next: "Set it in the environment of the process that uses it.",
    },
    DATABASE_REFERENCE_INVALID: {
      means: "The database of an environment is written out instead of referred to.",
      next: "Put the address into an environment variable and write its name.",
    },
    DUPLICATE_NAME: { means: "Two entries of a list have the same name.", next: "Give each its own." },
    YAML_SYNTAX: { means: "The file is not YAML.", next: "Correct it at the place named." },
    KEY_UNKNOWN: {
      means:
        "The file has a key that means nothing there; of an audit export, that it is sealed with a key nobody named.",
      next: "Correct the name of the key; for an export, hand in the public key that you trust.",
    },
    KEY_MISSING: { means: "The file lacks a key that is needed.", next: "Add it." },
    VALUE_INVALID: { means: "A value in the file is not what its key takes.", next: "Write what is named." },
  },
};
