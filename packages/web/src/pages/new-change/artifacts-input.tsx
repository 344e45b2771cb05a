import { Button, Checkbox, FileButton, Group, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { IconFileUpload, IconPlus, IconTrash } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import type { Artifact } from "../../data/types.ts";
import {
  artifactProblems,
  freeId,
  LEDGER_TOOLS,
  type Migration,
  needsNoTransaction,
  newArtifact,
  withFiles,
} from "./artifact-drafts.ts";

type Manual = Extract<Artifact, { kind: "manual" }>;
type External = Extract<Artifact, { kind: "external" }>;
type Errors = (path: string) => string | undefined;

const KINDS = {
  migration: "Migration",
  external: "External command",
  manual: "Manual steps",
} as const;

const MONO = { input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "0.8125rem", lineHeight: 1.55 } };

/** What the change carries: migrations with their way back, commands of other systems, steps that people do. In the order they are deployed. */
export function ArtifactsInput(props: {
  readonly artifacts: readonly Artifact[];
  readonly onChange: (artifacts: readonly Artifact[]) => void;
  /** Whether what is missing is said already. */
  readonly strict: boolean;
  readonly refused: ReadonlyMap<number, string>;
}) {
  const { artifacts, onChange, strict, refused } = props;
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
      className={over ? "drop over" : "drop"}
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
            <fieldset key={artifact.id} className="artifact">
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
                  <MigrationInput artifact={artifact} errors={errors} onChange={(next) => put(at, next)} />
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

interface Input<A> {
  readonly artifact: A;
  readonly errors: Errors;
  readonly onChange: (artifact: A) => void;
}

function MigrationInput({ artifact, errors, onChange }: Input<Migration>) {
  const alone = needsNoTransaction(artifact.up);
  return (
    <>
      <TextInput
        label="File name"
        description="As it is called in its repository."
        placeholder="20261121_add_nickname.sql"
        required
        value={artifact.name}
        error={errors("name")}
        onChange={(event) => onChange({ ...artifact, name: event.currentTarget.value })}
        styles={MONO}
      />
      <Textarea
        label="What it does (up)"
        description="SQL for Postgres, rehearsed before anybody approves it."
        required
        value={artifact.up}
        error={errors("up")}
        onChange={(event) => {
          const up = event.currentTarget.value;
          // The first statement of the kind decides; afterwards the person's own choice stands.
          const transactional = needsNoTransaction(up) && !alone ? false : artifact.transactional;
          onChange({ ...artifact, up, transactional });
        }}
        autosize
        minRows={5}
        maxRows={24}
        spellCheck={false}
        styles={MONO}
      />
      <Textarea
        label="The way back (down)"
        description="SQL that takes it back. Left empty, it cannot be rolled back by itself."
        value={artifact.down ?? ""}
        error={errors("down")}
        onChange={(event) => onChange({ ...artifact, down: event.currentTarget.value || null })}
        autosize
        minRows={3}
        maxRows={24}
        spellCheck={false}
        styles={MONO}
      />
      <Checkbox
        label="In one transaction"
        description={
          alone
            ? "It has a statement that Postgres refuses inside a transaction, so it runs statement by statement."
            : "All of it or nothing. Take the mark away for CREATE INDEX CONCURRENTLY and the like."
        }
        checked={artifact.transactional}
        error={alone && artifact.transactional ? "It has a statement that cannot run inside a transaction." : undefined}
        onChange={(event) => onChange({ ...artifact, transactional: event.currentTarget.checked })}
      />
      <NativeSelect
        label="Migration tool"
        description="Whose ledger is kept as well, so that the tool does not apply the file again."
        value={artifact.tool ?? ""}
        data={[{ value: "", label: "None" }, ...LEDGER_TOOLS.map((tool) => ({ value: tool, label: tool }))]}
        onChange={(event) => {
          const { tool: _before, ...rest } = artifact;
          const tool = event.currentTarget.value as NonNullable<Migration["tool"]> | "";
          onChange(tool === "" ? rest : { ...rest, tool });
        }}
      />
    </>
  );
}

function ExternalInput({ artifact, errors, onChange }: Input<External>) {
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

function ManualInput({ artifact, errors, onChange }: Input<Manual>) {
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
