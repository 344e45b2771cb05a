import { defineRule } from "../rule.ts";

export const extensionExposed = defineRule({
  id: "extension-exposed",
  subject: "security",
  severity: "warning",
  title: "An extension whose functions everybody can call",
  why: "Here the schema public is served to everybody through an API, and whoever may use a schema may call the functions in it, those of extensions too.",
  instead: "CREATE EXTENSION … WITH SCHEMA extensions, or another schema that is not served.",
  silent: "It goes into another schema, or the project serves no schema to everybody.",
  bad: [
    { sql: "CREATE EXTENSION IF NOT EXISTS pg_trgm", exposed: true },
    { sql: "CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public", exposed: true },
  ],
  good: [
    { sql: "CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public" },
    {
      given: "CREATE SCHEMA tools",
      sql: "CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA tools",
      exposed: true,
    },
  ],
  on: {
    create_extension: ({ extension, schema }, { migration }) =>
      migration.exposed && (schema ?? "public") === "public"
        ? { message: `Everybody can call the functions of ${extension}` }
        : null,
  },
});
