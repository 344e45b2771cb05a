import { Button, FileButton, Group, Stack } from "@mantine/core";
import { IconFileUpload, IconPlus, IconTrash } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import type { Artifact } from "../../data/types.ts";
import { artifactProblems, newArtifact, withFiles } from "./artifact-drafts.ts";
import type { Errors } from "./artifact-input.ts";
import { ExternalInput } from "./external-input.tsx";
import { ManualInput } from "./manual-input.tsx";
import { MigrationInput } from "./migration-input.tsx";
import type { Tries } from "./tries.ts";

const KINDS = {
  migration: "Migration",
  external: "External command",
  manual: "Manual steps",
} as const;

/** What the change carries: migrations with their way back, commands of other systems, steps that people do. In the order they are deployed. */
export function ArtifactsInput(props: {
  readonly artifacts: readonly Artifact[];
  readonly onChange: (artifacts: readonly Artifact[]) => void;
  /** Whether what is missing is said already. */
  readonly strict: boolean;
  readonly refused: ReadonlyMap<number, string>;
  readonly tries: Tries;
  /** Tries once more. */
  readonly onTry: () => void;
}) {
  const { artifacts, onChange, strict, refused, tries, onTry } = props;
  const [over, setOver] = useState(false);
  const put = (at: number, artifact: Artifact) =>
    onChange(artifacts.map((one, place) => (place === at ? artifact : one)));
  const readFiles = async (files: readonly File[]) => {
    const sql = files.filter(({ name }) => /\.sql$/i.test(name));
    const read = await Promise.all(sql.map(async (file) => ({ name: file.name, text: await file.text() })));
    if (read.length > 0) onChange(withFiles(artifacts, read));
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    readFiles([...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the button beside it does the same
    <div
      className={over ? "draft-drop over" : "draft-drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <Stack gap="md">
        {artifacts.length === 0 && (
          <p className="quiet" style={{ margin: 0 }}>
            Nothing yet. A draft may go without; what is deployed is what stands here. SQL files can be dropped on this
            section; x.down.sql becomes the way back of x.sql.
          </p>
        )}
        {artifacts.map((artifact, at) => {
          const problems = artifactProblems(artifact);
          const errors: Errors = (path) => (strict ? problems.get(path) : undefined);
          return (
            <fieldset key={artifact.id} className="draft-artifact">
              <legend>
                {at + 1}. {KINDS[artifact.kind]} <span className="mono quiet">{artifact.id}</span>
              </legend>
              <Stack gap="sm">
                {refused.get(at) && (
                  <p className="state-stopped" role="alert" style={{ margin: 0, padding: "4px 8px", borderRadius: 4 }}>
                    {refused.get(at)}
                  </p>
                )}
                {artifact.kind === "migration" && (
                  <MigrationInput
                    artifact={artifact}
                    errors={errors}
                    onChange={(next) => put(at, next)}
                    tries={tries}
                    onTry={onTry}
                  />
                )}
                {artifact.kind === "external" && (
                  <ExternalInput artifact={artifact} errors={errors} onChange={(next) => put(at, next)} />
                )}
                {artifact.kind === "manual" && (
                  <ManualInput artifact={artifact} errors={errors} onChange={(next) => put(at, next)} />
                )}
                <Group gap={8}>
                  {at > 0 && (
                    <Button variant="default" size="compact-sm" onClick={() => onChange(swapped(artifacts, at))}>
                      Deploy earlier
                    </Button>
                  )}
                  <Button
                    variant="default"
                    size="compact-sm"
                    leftSection={<IconTrash size={14} aria-hidden />}
                    onClick={() => onChange(artifacts.filter((_, place) => place !== at))}
                    aria-label={`Remove ${KINDS[artifact.kind].toLowerCase()} ${artifact.name || artifact.id}`}
                  >
                    Remove
                  </Button>
                </Group>
              </Stack>
            </fieldset>
          );
        })}
        <Group gap={8}>
          {(Object.keys(KINDS) as Artifact["kind"][]).map((kind) => (
            <Button
              key={kind}
              variant="default"
              leftSection={<IconPlus size={15} aria-hidden />}
              onClick={() => onChange([...artifacts, newArtifact(kind, artifacts)])}
            >
              {KINDS[kind]}
            </Button>
          ))}
          <FileButton onChange={readFiles} accept=".sql,text/plain,application/sql" multiple>
            {(button) => (
              <Button {...button} variant="default" leftSection={<IconFileUpload size={15} aria-hidden />}>
                SQL files…
              </Button>
            )}
          </FileButton>
        </Group>
      </Stack>
    </div>
  );
}

function swapped(artifacts: readonly Artifact[], at: number): readonly Artifact[] {
  const next = [...artifacts];
  [next[at - 1], next[at]] = [next[at]!, next[at - 1]!];
  return next;
}
