import { defineRule } from "../rule.ts";

export const extensionCreated = defineRule({
  id: "extension-created",
  subject: "opaque",
  severity: "info",
  title: "An extension is installed",
  why: "It has to be there on the server, may take a superuser, and what it is differs with its version: one target can have it and the next not.",
  instead: "CREATE EXTENSION IF NOT EXISTS … WITH SCHEMA …, and make sure beforehand that every target offers it.",
  silent: "It says IF NOT EXISTS and which schema.",
  bad: [{ sql: "CREATE EXTENSION pg_trgm" }, { sql: "CREATE EXTENSION IF NOT EXISTS pg_trgm" }],
  good: [{ given: "CREATE SCHEMA tools", sql: "CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA tools" }],
  on: {
    create_extension: ({ extension, ifNotExists, schema }) =>
      ifNotExists && schema !== null
        ? null
        : {
            message: `Extension ${extension} is installed ${ifNotExists ? "into whichever schema comes first" : "and fails where it is already"}`,
          },
  },
});
