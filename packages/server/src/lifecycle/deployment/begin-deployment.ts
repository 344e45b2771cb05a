import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { checkOpening } from "@change-mgmt/domain/lifecycle/deployment/opening.ts";
import { z } from "zod";
import { defineCommand } from "../../commands/command.ts";
import { loadChange } from "../../storage/change-record.ts";
import { loadSituation } from "../../storage/situation-record.ts";
import { bypassEvents } from "./bypass-events.ts";

const Input = z.object({ id: z.string(), environment: z.string(), deployment: z.string() });

/**
 * Asks, when a worker takes up a deployment that has done nothing to its target yet, whether it may start at this moment: whatever waited or
 * is tried again meets the windows and freezes of now, not those of when it was asked for. Writes nothing but what was passed.
 */
export const beginDeployment = defineCommand<z.output<typeof Input>, { id: string }>({
  name: "deployment.begin",
  permission: "engine.record",
  input: Input,
  async run({ tx, now, processes }, { id, environment, deployment }) {
    const found = await loadChange(tx, id);
    if (!found.ok) return found;
    const change = found.value;
    const process = await processes.pinned(tx, change.process.hash);
    const situation = await loadSituation(tx, change, now);
    const opening = checkOpening({ process, change, situation }, environment);
    if (!opening.ok) return opening;
    const events = bypassEvents(opening.value, { environment, deployment }).map((event) => ({ ...event, change }));
    return accept({ value: { id: change.id }, stream: change.id, events });
  },
});
