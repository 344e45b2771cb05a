import {
  type ArtifactRequest,
  artifactOptions,
  makeArtifacts,
  readArtifactOptions,
} from "../change/artifact-options.ts";
import { changeAnswer } from "../change/change-answer.ts";
import { changeArgument } from "../change/change-argument.ts";
import type { Artifact } from "../change/change-types.ts";
import { fieldOptions, readFields } from "../change/field-options.ts";
import { fetchForm, fieldValues, type TypedField } from "../change/field-values.ts";
import { defineCommand } from "../command.ts";
import { usage } from "../stop.ts";

interface Input {
  readonly id: string;
  readonly fields: readonly TypedField[];
  readonly cleared: readonly string[];
  readonly artifacts: readonly ArtifactRequest[];
  readonly removed: readonly string[];
  readonly assignee: string | undefined;
}

export const command = defineCommand<Input>({
  about:
    "Only what is named changes. An artifact of the same id is replaced, any other is added. Approvals of content that changes are void.",
  arguments: [changeArgument],
  options: [
    ...fieldOptions,
    { flags: "--clear <field>", about: "take a field's value away", repeatable: true },
    ...artifactOptions,
    { flags: "--remove-artifact <id>", about: "take an artifact off the change", repeatable: true },
    { flags: "--assignee <handle>", about: 'who works on it; "none" for nobody' },
  ],
  examples: [
    'change-mgmt edit CHG-12 --title="Add a nickname" --field=rollbackPlan="Drop the column again"',
    "change-mgmt edit CHG-12 --migration=0003_nickname.sql",
    "change-mgmt edit CHG-12 --assignee=ada",
  ],
  answers: "changes.edit",
  parse(given) {
    const input = {
      id: given.word("change"),
      fields: readFields(given),
      cleared: given.list("clear"),
      artifacts: readArtifactOptions(given.ordered),
      removed: given.list("removeArtifact"),
      assignee: given.text("assignee"),
    };
    const lists = [input.fields, input.cleared, input.artifacts, input.removed];
    if (input.assignee === undefined && lists.every((list) => list.length === 0))
      throw usage("Nothing to change was named.", "Give at least one option, such as --title; --help lists them.");
    return input;
  },
  async run(context, input) {
    const params = { id: input.id };
    const added = await makeArtifacts(context, input.artifacts);
    const current = await context.client("changes.get", { params });
    const unknown = input.removed.find((id) => !current.artifacts.some((one) => one.id === id));
    if (unknown !== undefined) {
      const known = current.artifacts.map(({ id }) => id).join(", ") || "none";
      throw usage(`${current.number} has no artifact "${unknown}".`, `It has: ${known}.`);
    }
    const form = input.fields.length > 0 ? await fetchForm(context, current.process) : undefined;
    const fields = { ...fieldValues(input.fields, form), ...Object.fromEntries(input.cleared.map((id) => [id, null])) };
    const change = await context.client("changes.edit", {
      params,
      ifMatch: current.version,
      body: {
        ...(Object.keys(fields).length > 0 ? { fields } : {}),
        ...(added.length + input.removed.length > 0
          ? { artifacts: merged(current.artifacts, added, input.removed) }
          : {}),
        ...(input.assignee === undefined ? {} : { assignee: input.assignee === "none" ? null : input.assignee }),
      },
    });
    return changeAnswer(change, "edited");
  },
});

/** The list as it was, with new artifacts in the place of those they replace and the others at the end. */
function merged(current: readonly Artifact[], added: readonly Artifact[], removed: readonly string[]): Artifact[] {
  const kept = current.filter(({ id }) => !removed.includes(id));
  const replaced = kept.map((one) => added.find(({ id }) => id === one.id) ?? one);
  return [...replaced, ...added.filter(({ id }) => !kept.some((one) => one.id === id))];
}
