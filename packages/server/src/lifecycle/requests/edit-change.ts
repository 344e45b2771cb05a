import { EditChange } from "@change-mgmt/api/changes.ts";
import type { Artifact, Change } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Situation } from "@change-mgmt/domain/change/situation.ts";
import { FINAL_STATUSES } from "@change-mgmt/domain/change/status.ts";
import { giverOf } from "@change-mgmt/domain/lifecycle/approval/voters.ts";
import { checkDraft } from "@change-mgmt/domain/lifecycle/requests/draft.ts";
import { validateForm } from "@change-mgmt/domain/lifecycle/requests/form.ts";
import { moveBy, refresh } from "@change-mgmt/domain/lifecycle/settle.ts";
import { possibleTriggers } from "@change-mgmt/domain/process/transition.ts";
import { z } from "zod";
import type { AuditEvent } from "../../audit/append.ts";
import { defineChangeCommand } from "../../commands/command.ts";
import { checkArtifacts } from "./contents-check.ts";
import { checkForm, text } from "./create-change.ts";
import { routeChange } from "./submit-change.ts";

const Input = EditChange.extend({ id: z.string() });

/**
 * Edits a change. What is edited after a vote voids that vote, and the events say whose. A draft goes by the process as it is in force
 * now, as its submission will; every other change by the version it was submitted under.
 */
export const editChange = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "change.edit",
  permission: "change.edit",
  input: Input,
  async run({ change, process: pinned, processes, situation }, input) {
    const newest = change.status === "draft" ? processes.inForce(change.process.name) : undefined;
    const { process, hash } = newest ?? { process: pinned, hash: change.process.hash };
    const open = canBeEdited(change);
    if (!open.ok) return open;
    const merged = Object.fromEntries(
      Object.entries({ ...change.fields, ...input.fields }).filter(([, value]) => value !== null),
    );
    const artifacts = (input.artifacts as Artifact[] | undefined) ?? change.artifacts;
    const fields = checkForm(
      change.status === "draft" ? checkDraft : validateForm,
      process,
      merged,
      artifacts,
      change.environments,
      situation,
    );
    if (!fields.ok) return fields;
    const sound = checkArtifacts(artifacts);
    if (!sound.ok) return sound;
    const assigned = checkAssignee(input.assignee, situation);
    if (!assigned.ok) return assigned;
    let edited = refresh(
      {
        ...change,
        process: { name: process.name, version: process.version, hash },
        fields: fields.value,
        artifacts,
        type: text(fields.value.type),
        title: text(fields.value.title),
        description: text(fields.value.description),
        priority: text(fields.value.priority),
        assignee: input.assignee === undefined ? change.assignee : input.assignee,
      },
      { process, situation },
    );
    const events: AuditEvent[] = [{ type: "change.edited", details: whatChanged(change, edited) }];
    if (edited.contentHash === change.contentHash)
      return accept({ change: edited, events, process, value: { id: change.id } });
    if (change.team !== null) {
      const routed = routeChange(process, edited, situation);
      if (!routed.ok) return routed;
      if (routed.value.change.team !== change.team) events.push(routed.value.event);
      edited = routed.value.change;
    }
    const deployed = situation.environments.find(
      ({ state }) => state === "deployed" || state === "deploying" || state === "rolling-back",
    );
    if (deployed) {
      return refuse(
        "CONTENT_DEPLOYED",
        `What ${change.number} says is ${deployed.state.replace("-", " ")} in ${deployed.environment}; it cannot say something else now.`,
        "Roll it back there first, or make a further change.",
      );
    }
    const voided = change.votes.filter(
      (vote) => vote.contentHash === change.contentHash && vote.withdrawn === undefined,
    );
    if (voided.length > 0) {
      events.push({
        type: "votes.voided",
        details: {
          voters: [...new Set(voided.flatMap((vote) => [giverOf(vote), vote.voter]))],
          because: "the content they voted on was edited",
        },
      });
    }
    if (!possibleTriggers(process, edited.facts, edited.stage).includes("edit"))
      return accept({ change: edited, events, process, value: { id: change.id } });
    const moved = moveBy("edit", edited, { process, situation });
    if (!moved.ok) return moved;
    return accept({ change: moved.value.change, events, moved: moved.value, process, value: { id: change.id } });
  },
});

/** Whether a change can be edited by anybody still: until it is over. */
export function canBeEdited(change: Change): Outcome<true> {
  if (!FINAL_STATUSES.has(change.status)) return accept(true);
  return refuse(
    "CHANGE_OVER",
    `${change.number} is ${change.status}; it is not edited any more.`,
    "Make a further change.",
  );
}

function checkAssignee(assignee: string | null | undefined, situation: Situation): Outcome<true> {
  if (assignee === undefined || assignee === null || situation.people.some((person) => person.handle === assignee))
    return accept(true);
  return refuse("PERSON_UNKNOWN", `There is nobody called "${assignee}".`, "Use the person's handle.", {
    place: { pointer: "/assignee" },
  });
}

function whatChanged(before: Change, after: Change): Record<string, unknown> {
  const fields = [...new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])].filter(
    (key) => JSON.stringify(before.fields[key]) !== JSON.stringify(after.fields[key]),
  );
  const artifacts = [...new Set([...before.artifacts, ...after.artifacts].map((artifact) => artifact.id))].filter(
    (id) => {
      const find = (change: Change) => JSON.stringify(change.artifacts.find((artifact) => artifact.id === id));
      return find(before) !== find(after);
    },
  );
  return {
    fields,
    artifacts,
    contentHash: after.contentHash,
    previousContentHash: before.contentHash,
    ...(before.assignee === after.assignee ? {} : { assignee: after.assignee }),
  };
}
