import { Textarea, TextInput } from "@mantine/core";
import type { Artifact } from "../../data/types.ts";
import { type ArtifactInput, MONO } from "./artifact-input.ts";

type External = Extract<Artifact, { kind: "external" }>;

/** A command of another system, by the name the configuration gives it. */
export function ExternalInput({ artifact, errors, onChange }: ArtifactInput<External>) {
  return (
    <>
      <TextInput
        label="Name"
        description="What it does, in a few words."
        required
        value={artifact.name}
        error={errors("name")}
        onChange={(event) => onChange({ ...artifact, name: event.currentTarget.value })}
      />
      <TextInput
        label="Command"
        description="A name under commands in change-mgmt.yaml; nothing else is ever run."
        required
        value={artifact.command}
        error={errors("command")}
        onChange={(event) => onChange({ ...artifact, command: event.currentTarget.value })}
        styles={MONO}
      />
      <Textarea
        label="Arguments"
        description="One a line, appended to the command as they are."
        value={artifact.arguments.join("\n")}
        error={errors("arguments")}
        onChange={(event) => {
          const { value } = event.currentTarget;
          onChange({ ...artifact, arguments: value === "" ? [] : value.split("\n") });
        }}
        autosize
        minRows={2}
        spellCheck={false}
        styles={MONO}
      />
    </>
  );
}
