import { WORKSPACE_STREAM } from "@change-mgmt/domain/audit/entry.ts";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { z } from "zod";
import { defineCommand } from "../commands/command.ts";
import type { Door } from "../commands/execute.ts";
import type { Handlers } from "../commands/handler.ts";
import { backupStore } from "../storage/backup.ts";
import type { Store } from "../storage/store.ts";

/** Writes down that somebody takes everything with them. */
const recordBackup = defineCommand<object, { ok: true }>({
  name: "store.backup",
  permission: "operations.backup",
  input: z.object({}),
  async run() {
    return accept({
      value: { ok: true as const },
      stream: WORKSPACE_STREAM,
      events: [{ type: "store.backup-taken", details: {} }],
    });
  },
});

/** A backup over HTTP. It holds the entry that tells of it. */
export function backupRoutes({ store, door }: { store: Store; door: Door }): Handlers {
  return {
    backup: async ({ actor }) => {
      const recorded = await door.execute(recordBackup, {}, { actor });
      if (!recorded.ok) return recorded;
      const day = new Date().toISOString().slice(0, 10);
      return accept({ pieces: backupStore(store), fileName: `change-mgmt-${day}.jsonl.gz` });
    },
  };
}
