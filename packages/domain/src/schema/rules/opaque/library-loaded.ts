import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const libraryLoaded = defineRule({
  id: "library-loaded",
  subject: "opaque",
  severity: "error",
  title: "Code is loaded into the server",
  why: "LOAD and untrusted languages run code with the rights of the server process, outside every permission of the database.",
  instead: "Trusted languages (sql, plpgsql), or leave it to those who run the server.",
  bad: [{ sql: "LOAD 'auto_explain'" }, { sql: "CREATE FUNCTION raw() RETURNS integer LANGUAGE c AS 'raw'" }],
  good: [{ sql: "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'" }],
  on: {
    load: ({ library }) => ({ message: `${library} is loaded into the server` }),
    create_function: ({ function: name, language }) =>
      /^(?:c|internal|plpython3?u|plperlu|pltclu)$/.test(language)
        ? { message: `${shown(name)} is written in ${language}, which no permission binds` }
        : null,
  },
});
