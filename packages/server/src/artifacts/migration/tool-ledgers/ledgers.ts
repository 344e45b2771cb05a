import type { MigrationTool } from "@change-mgmt/analysis/sql/migration-tool.ts";
import { dbmate } from "./dbmate.ts";
import { flyway } from "./flyway.ts";
import { golangMigrate } from "./golang-migrate.ts";
import { goose } from "./goose.ts";
import { prisma } from "./prisma.ts";
import { supabase } from "./supabase.ts";
import type { ToolLedger } from "./tool-ledger.ts";

/** The tools whose own ledgers are read and written. */
export const TOOL_LEDGERS = {
  supabase,
  prisma,
  goose,
  flyway,
  dbmate,
  "golang-migrate": golangMigrate,
} as const satisfies Partial<Record<MigrationTool, ToolLedger>>;

export type KeptTool = keyof typeof TOOL_LEDGERS;

/** Whether we keep the ledger of a tool. */
export function isKept(tool: MigrationTool): tool is KeptTool {
  return Object.hasOwn(TOOL_LEDGERS, tool);
}
