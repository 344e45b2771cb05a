import { Checkbox, NativeSelect, Stack, TextInput } from "@mantine/core";
import { SqlEditor } from "../../ui/sql-editor/sql-editor.tsx";
import { LEDGER_TOOLS, type Migration, needsNoTransaction } from "./artifact-drafts.ts";
import { type ArtifactInput, MONO } from "./artifact-input.ts";
import { ProposedWayBack } from "./proposed-way-back.tsx";
import { RehearsalBeside } from "./rehearsal-beside.tsx";
import { findingsFor, proposalFor, saidOf, type Tries } from "./tries.ts";

/** A migration with its way back, what is found in it at its place, and its rehearsal beside it. */
export function MigrationInput(
  props: ArtifactInput<Migration> & { readonly tries: Tries; readonly onTry: () => void },
) {
  const { artifact, errors, onChange, tries, onTry } = props;
  const alone = needsNoTransaction(artifact.up);
  return (
    <div className="migration-columns">
      <Stack gap="sm" style={{ minWidth: 0 }}>
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
        <SqlEditor
          label="What it does (up)"
          description="SQL for Postgres, rehearsed while you write."
          required
          value={artifact.up}
          error={errors("up")}
          onChange={(up) => {
            // The first statement of the kind decides; afterwards the person's own choice stands.
            const transactional = needsNoTransaction(up) && !alone ? false : artifact.transactional;
            onChange({ ...artifact, up, transactional });
          }}
          findings={findingsFor(tries, artifact.id, "up")}
          lines={6}
        />
        <SqlEditor
          label="The way back (down)"
          description="SQL that takes it back. Left empty, it cannot be rolled back by itself."
          value={artifact.down ?? ""}
          error={errors("down")}
          onChange={(down) => onChange({ ...artifact, down: down || null })}
          findings={findingsFor(tries, artifact.id, "down")}
          lines={4}
        />
        <ProposedWayBack
          proposal={proposalFor(tries, artifact.id)}
          replaces={saidOf(artifact.down) !== null}
          onTake={(down, transactional) =>
            onChange({ ...artifact, down, transactional: artifact.transactional && transactional })
          }
        />
        <Checkbox
          label="In one transaction"
          description={
            alone
              ? "It has a statement that Postgres refuses inside a transaction, so it runs statement by statement."
              : "All of it or nothing. Take the mark away for CREATE INDEX CONCURRENTLY and the like."
          }
          checked={artifact.transactional}
          error={
            alone && artifact.transactional ? "It has a statement that cannot run inside a transaction." : undefined
          }
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
      </Stack>
      <RehearsalBeside id={artifact.id} tries={tries} onTry={onTry} />
    </div>
  );
}
