import type { Change } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { Situation } from "@change-mgmt/domain/change/situation.ts";
import { validateForm } from "@change-mgmt/domain/lifecycle/requests/form.ts";
import { routeTo } from "@change-mgmt/domain/lifecycle/requests/route.ts";
import { moveBy, refresh } from "@change-mgmt/domain/lifecycle/settle.ts";
import type { Process } from "@change-mgmt/domain/process/process.ts";
import { z } from "zod";
import type { AuditEvent } from "../../audit/append.ts";
import { defineChangeCommand } from "../../commands/command.ts";
import { currentConfiguration } from "../../storage/configuration-record.ts";
import { checkForm } from "./create-change.ts";

/** Submits a draft: the process as it is in force now is pinned, the form checked against it, and the change routed to its team. */
export const submitChange = defineChangeCommand<{ id: string }, { id: string }>({
  name: "change.submit",
  permission: "change.submit",
  input: z.object({ id: z.string() }),
  async run({ tx, change, process: drafted, processes, situation }) {
    const inForce = processes.inForce(change.process.name) ?? { process: drafted, hash: change.process.hash };
    const { process, hash } = inForce;
    const configuration = await currentConfiguration(tx);
    const environments =
      configuration?.document.environments.map((environment) => environment.name) ?? change.environments;
    const form = checkForm(validateForm, process, change.fields, change.artifacts, environments, situation);
    if (!form.ok) return form;
    const pinned: Change = { ...change, environments, process: { name: process.name, version: process.version, hash } };
    const routed = routeChange(process, refresh(pinned, { process, situation }), situation);
    if (!routed.ok) return routed;
    const moved = moveBy("submit", routed.value.change, { process, situation });
    if (!moved.ok) return moved;
    return accept({
      change: moved.value.change,
      events: [routed.value.event],
      moved: moved.value,
      process,
      value: { id: change.id },
    });
  },
});

/** Assigns a change to the team its process routes it to. */
export function routeChange(
  process: Process,
  change: Change,
  situation: Situation,
): Outcome<{ change: Change; event: AuditEvent }> {
  const route = routeTo(process, change.facts, situation.componentTeams);
  if (!route.ok) return route;
  const { team, explanation } = route.value;
  return accept({
    change: { ...change, team },
    event: { type: "change.routed", details: { team, because: explanation.reason, process: change.process } },
  });
}
