import { Button, Group, TextInput } from "@mantine/core";
import type { Artifact } from "../../data/types.ts";
import { freeId } from "./artifact-drafts.ts";
import type { ArtifactInput } from "./artifact-input.ts";

type Manual = Extract<Artifact, { kind: "manual" }>;

/** Steps that people do, each with how it is taken back. */
export function ManualInput({ artifact, errors, onChange }: ArtifactInput<Manual>) {
  const put = (at: number, part: Partial<Manual["steps"][number]>) =>
    onChange({ ...artifact, steps: artifact.steps.map((step, place) => (place === at ? { ...step, ...part } : step)) });
  const add = () => {
    const id = freeId("step", new Set(artifact.steps.map((step) => step.id)));
    onChange({ ...artifact, steps: [...artifact.steps, { id, title: "", undo: "" }] });
  };
  return (
    <>
      <TextInput
        label="Name"
        description="What people do, in a few words."
        required
        value={artifact.name}
        error={errors("name")}
        onChange={(event) => onChange({ ...artifact, name: event.currentTarget.value })}
      />
      {artifact.steps.map((step, at) => (
        <div key={step.id} className="manual-step">
          <TextInput
            label={`Step ${at + 1}: what is to be done`}
            required
            value={step.title}
            error={errors(`steps.${at}.title`)}
            onChange={(event) => put(at, { title: event.currentTarget.value })}
          />
          <TextInput
            label={`Step ${at + 1}: how it is taken back`}
            required
            value={step.undo}
            error={errors(`steps.${at}.undo`)}
            onChange={(event) => put(at, { undo: event.currentTarget.value })}
          />
          {artifact.steps.length > 1 && (
            <Button
              variant="default"
              size="compact-sm"
              onClick={() => onChange({ ...artifact, steps: artifact.steps.filter((_, place) => place !== at) })}
            >
              Remove step {at + 1}
            </Button>
          )}
        </div>
      ))}
      <Group>
        <Button variant="default" size="compact-sm" onClick={add}>
          Add a step
        </Button>
      </Group>
    </>
  );
}
