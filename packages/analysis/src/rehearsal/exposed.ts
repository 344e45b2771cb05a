import { EXPOSED_TOOLS } from "../sql/migration-tool.ts";
import { expectsSupabase } from "./supabase.ts";

/**
 * Whether everybody reaches the tables of a database through an API that only row security guards, which one knows from the tools that its
 * migrations are written for, or from SQL that expects what such a platform prepares.
 */
export function isExposed(tools: readonly (string | undefined)[], texts: readonly string[]): boolean {
  const exposing: ReadonlySet<string | undefined> = EXPOSED_TOOLS;
  return tools.some((tool) => exposing.has(tool)) || texts.some(expectsSupabase);
}
