import type { CreateChange } from "@change-mgmt/api/changes.ts";
import { CreateChange as CreateChangeInput } from "@change-mgmt/api/changes.ts";
import type { Artifact, Change, FieldValues } from "@change-mgmt/domain/change/change.ts";
import { contentHash } from "@change-mgmt/domain/change/contents.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Situation } from "@change-mgmt/domain/change/situation.ts";
import { checkDraft } from "@change-mgmt/domain/lifecycle/requests/draft.ts";
import { validateForm } from "@change-mgmt/domain/lifecycle/requests/form.ts";
import { formatNumber, numberScope } from "@change-mgmt/domain/lifecycle/requests/number.ts";
import { moveBy, refresh } from "@change-mgmt/domain/lifecycle/settle.ts";
import type { Process } from "@change-mgmt/domain/process/process.ts";
import { stageOf } from "@change-mgmt/domain/process/transition.ts";
import { sql } from "kysely";
import type { z } from "zod";
import { defineCreatingCommand } from "../../commands/command.ts";
import { currentConfiguration } from "../../storage/configuration-record.ts";
import { newId } from "../../storage/ids.ts";
import type { Tx } from "../../storage/store.ts";
import { checkArtifacts, checkPeople } from "./contents-check.ts";
import { routeChange } from "./submit-change.ts";

/** Makes a change request with a number of its own, as a draft or submitted at once. */
export const createChange = defineCreatingCommand<z.output<typeof CreateChange>, { id: string }>({
  name: "change.create",
  permission: "change.create",
  input: CreateChangeInput,
  async run({ tx, actor, now, processes, situation }, input) {
    const configuration = await currentConfiguration(tx);
    const name = input.process ?? configuration?.document.process;
    const found = name === undefined ? undefined : processes.inForce(name);
    if (!found)
      return unknownProcess(
        name,
        processes.list().map(({ process }) => process.name),
      );
    const { process, hash } = found;
    const artifacts = input.artifacts as Artifact[];
    const environments = configuration?.document.environments.map((environment) => environment.name) ?? [];
    const fields = checkForm(
      input.submit ? validateForm : checkDraft,
      process,
      input.fields,
      artifacts,
      environments,
      situation,
    );
    if (!fields.ok) return fields;
    const sound = checkArtifacts(artifacts);
    if (!sound.ok) return sound;
    const type = String(fields.value.type);
    const draft: Change = {
      id: newId(),
      number: await takeNumber(tx, process.number, now),
      process: { name: process.name, version: process.version, hash },
      title: text(fields.value.title),
      description: text(fields.value.description),
      type,
      priority: text(fields.value.priority),
      requester: actor.handle,
      assignee: null,
      team: null,
      stage: process.initialStage,
      status: stageOf(process, process.initialStage).status,
      fields: fields.value,
      artifacts,
      environments,
      contentHash: contentHash({ type, fields: fields.value, artifacts, environments }),
      assessment: null,
      steps: [],
      votes: [],
      facts: {},
      version: 0,
      createdAt: now.toISOString(),
      updatedAt: now.toISOString(),
    };
    const change = refresh(draft, { process, situation });
    const events = [{ type: "change.created", details: { number: change.number, title: change.title, type } }];
    const value = { id: change.id };
    if (!input.submit) return accept({ change, events, value, process });
    const routed = routeChange(process, change, situation);
    if (!routed.ok) return routed;
    const moved = moveBy("submit", routed.value.change, { process, situation });
    if (!moved.ok) return moved;
    return accept({
      change: moved.value.change,
      events: [...events, routed.value.event],
      moved: moved.value,
      value,
      process,
    });
  },
});

/** Checks a form, whole or as a draft, against its process and the people it names. */
export function checkForm(
  check: typeof validateForm,
  process: Process,
  fields: FieldValues,
  artifacts: readonly Artifact[],
  environments: readonly string[],
  situation: Situation,
): Outcome<FieldValues> {
  const { componentTeams, now } = situation;
  const form = check(process, fields, { artifacts, environments, componentTeams, today: now.slice(0, 10) });
  return form.ok ? checkPeople(process, form.value, situation) : form;
}

/** The readable text of a form value; empty where the form has no such field. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Takes the next number of the pattern's sequence. Others who want one of the same sequence wait until this transaction ends. */
async function takeNumber(tx: Tx, pattern: string, now: Date): Promise<string> {
  const scope = numberScope(pattern, now.toISOString());
  const { rows } = await sql<{ last: string }>`
    INSERT INTO change_mgmt.number_sequences (scope, last) VALUES (${scope}, 1)
    ON CONFLICT (scope) DO UPDATE SET last = change_mgmt.number_sequences.last + 1 RETURNING last`.execute(tx);
  return formatNumber(pattern, { seq: Number(rows[0]!.last), now: now.toISOString() });
}

function unknownProcess(name: string | undefined, known: readonly string[]) {
  const hint = `Processes here: ${known.join(", ")}.`;
  if (name === undefined)
    return refuse(
      "PROCESS_NOT_CHOSEN",
      "The workspace has no default process yet.",
      `Name one, or import a configuration. ${hint}`,
    );
  return refuse("PROCESS_UNKNOWN", `There is no process "${name}".`, hint, { place: { pointer: "/process" } });
}
