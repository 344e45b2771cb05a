import { WORKSPACE_STREAM } from "@change-mgmt/domain/audit/entry.ts";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { checkFree } from "@change-mgmt/domain/lifecycle/deployment/occupied.ts";
import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import { schemaHash } from "@change-mgmt/domain/schema/model.ts";
import { z } from "zod";
import { defineCommand } from "../../commands/command.ts";
import { newId } from "../../storage/ids.ts";
import { json } from "../../storage/json.ts";
import { loadOccupied } from "../../storage/situation-record.ts";

const Input = z.object({ environment: z.string(), reason: z.string(), model: z.custom<SchemaModel>() });

/** Takes a schema that was read from an environment for its known one, so that later drift is measured from here. */
export const setBaseline = defineCommand<
  z.output<typeof Input>,
  { environment: string; schemaHash: string; objects: number }
>({
  name: "environment.baseline",
  permission: "environment.baseline",
  input: Input,
  async run({ tx, now }, { environment, reason, model }) {
    const free = checkFree({ occupied: await loadOccupied(tx) }, environment);
    if (!free.ok) return free;
    const hash = schemaHash(model);
    await tx
      .insertInto("schema_snapshots")
      .values({
        id: newId(),
        environment,
        hash,
        model: json<unknown>(model),
        purpose: "baseline",
        deployment_id: null,
        created_at: now,
      })
      .execute();
    const objects = Object.keys(model.objects).length;
    return accept({
      value: { environment, schemaHash: hash, objects },
      stream: WORKSPACE_STREAM,
      events: [{ type: "environment.baseline-set", details: { environment, reason, schemaHash: hash, objects } }],
    });
  },
});
