import { Button, Group } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useAsk } from "../../data/ask.ts";
import { saveText } from "../../data/download.ts";
import { permitOf } from "../../data/permit.ts";
import type { ChangeSummary } from "../../data/types.ts";
import { ActButton, type Permit } from "../../ui/act-button.tsx";
import { notOwnDraft } from "./bulk.ts";
import { BulkDialog, type BulkKind } from "./bulk-dialog.tsx";
import type { Column } from "./columns.tsx";
import { csvOf } from "./csv.ts";

/** What can be done to several changes at once; nothing here approves, deploys or rolls back. */
export function BulkBar(props: {
  readonly chosen: readonly ChangeSummary[];
  readonly columns: readonly Column[];
  /** Keeps only these changes chosen. */
  readonly keep: (ids: readonly string[]) => void;
}) {
  const { chosen, columns, keep } = props;
  const { data: me } = useAsk("me");
  const [doing, setDoing] = useState<{ kind: BulkKind; changes: readonly ChangeSummary[] }>();
  const begin = (kind: BulkKind) => setDoing({ kind, changes: chosen });
  const drafts = chosen.filter((change) => me && notOwnDraft(change, me.handle) === undefined).length;
  return (
    <>
      {chosen.length > 0 && (
        <section className="bulk-bar" aria-label="Chosen changes">
          <strong className="data" role="status">
            {chosen.length} chosen
          </strong>
          <Group gap={8}>
            <ActButton size="xs" variant="default" permit={permitOf(me, "change.edit")} onClick={() => begin("assign")}>
              Assign…
            </ActButton>
            <ActButton
              size="xs"
              variant="default"
              permit={permitOf(me, "change.comment")}
              onClick={() => begin("comment")}
            >
              Comment…
            </ActButton>
            <ActButton
              size="xs"
              variant="default"
              permit={draftsPermit(permitOf(me, "change.cancel"), drafts)}
              onClick={() => begin("cancel")}
            >
              Cancel drafts…
            </ActButton>
            <Button
              size="xs"
              variant="default"
              onClick={() => saveText("changes.csv", "text/csv;charset=utf-8", csvOf(columns, chosen))}
            >
              Export CSV
            </Button>
            <Button size="xs" variant="subtle" leftSection={<IconX size={14} aria-hidden />} onClick={() => keep([])}>
              Choose none
            </Button>
          </Group>
        </section>
      )}
      {doing && (
        <BulkDialog
          kind={doing.kind}
          changes={doing.changes}
          me={me?.handle ?? ""}
          close={(remaining) => {
            setDoing(undefined);
            if (remaining) keep(remaining);
          }}
        />
      )}
    </>
  );
}

function draftsPermit(permit: Permit, drafts: number): Permit {
  if (!permit.allowed || drafts > 0) return permit;
  return {
    allowed: false,
    reason: "None of the chosen changes is a draft of yours.",
    hint: "Other changes are cancelled on their own pages.",
  };
}
