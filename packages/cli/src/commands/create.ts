import {
  type ArtifactRequest,
  artifactOptions,
  makeArtifacts,
  readArtifactOptions,
} from "../change/artifact-options.ts";
import { changeAnswer } from "../change/change-answer.ts";
import { readChangeFile } from "../change/change-file.ts";
import { fieldOptions, readFields } from "../change/field-options.ts";
import { fetchForm, fieldValues, type TypedField } from "../change/field-values.ts";
import { standingFields } from "../change/standing-fields.ts";
import { defineCommand } from "../command.ts";

interface Input {
  readonly process: string | undefined;
  readonly standing: string | undefined;
  readonly fields: readonly TypedField[];
  readonly artifacts: readonly ArtifactRequest[];
  readonly from: string | undefined;
  readonly submit: boolean;
}

export const command = defineCommand<Input>({
  about: "Fields are those of the process's form. Options win over what a --from file says.",
  options: [
    { flags: "--process <name>", about: "process to follow; the workspace's default when left out" },
    { flags: "--type <type>", about: "change type of the process" },
    { flags: "--standing <id>", about: "standard change of the catalogue: its fields are filled in, yours win" },
    ...fieldOptions,
    { flags: "--from <file>", about: "YAML or JSON with process, fields and artifacts" },
    ...artifactOptions,
    { flags: "--submit", about: "submit at once instead of keeping a draft" },
  ],
  examples: [
    'change-mgmt create --type=add-field --title="Add user preferences"',
    "change-mgmt create --type=add-field --title=Nickname --component=api --table=users --migration=0002_nickname.sql --submit",
    "change-mgmt create --from=change.yaml --migration=up.sql --down=down.sql --json",
  ],
  answers: "changes.create",
  parse: (given) => ({
    process: given.text("process"),
    standing: given.text("standing"),
    fields: readFields(given, ["type"]),
    artifacts: readArtifactOptions(given.ordered),
    from: given.text("from"),
    submit: given.flag("submit"),
  }),
  async run(context, input) {
    const file = input.from === undefined ? undefined : await readChangeFile(context, input.from);
    const process = input.process ?? file?.process;
    const artifacts = [...(file?.artifacts ?? []), ...(await makeArtifacts(context, input.artifacts))];
    const form = input.fields.length > 0 ? await fetchForm(context, process) : undefined;
    const change = await context.client("changes.create", {
      body: {
        ...(process === undefined ? {} : { process }),
        fields: {
          ...(input.standing === undefined ? {} : await standingFields(context, process, input.standing)),
          ...file?.fields,
          ...fieldValues(input.fields, form),
        },
        artifacts,
        submit: input.submit || file?.submit === true,
      },
    });
    return changeAnswer(change, input.submit ? "created and submitted" : "created");
  },
});
