import { Textarea } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../../data/ask.ts";
import type { Change } from "../../data/types.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Actions } from "../../ui/page.tsx";
import { permitOf, titleOf } from "./acts.ts";

/** What somebody can do beside voting: take back what they said, or keep out. */
export type SecondThought = "withdraw-vote" | "recuse";

/** The buttons for it; not there for whoever has said nothing and has no say. */
export function SecondThoughts({
  change,
  reconsider,
}: {
  readonly change: Change;
  readonly reconsider: (act: SecondThought) => void;
}) {
  const offered = (["withdraw-vote", "recuse"] as const).filter((act) => permitOf(change, act).allowed);
  if (offered.length === 0) return null;
  return (
    <div style={{ marginTop: 10 }}>
      <Actions>
        {offered.map((act) => (
          <ActButton
            key={act}
            permit={permitOf(change, act)}
            size="xs"
            variant="subtle"
            onClick={() => reconsider(act)}
          >
            {titleOf(act)}
          </ActButton>
        ))}
      </Actions>
    </div>
  );
}

interface DialogProps {
  readonly change: Change;
  readonly opened: boolean;
  readonly close: () => void;
}

/** Asks before votes are taken back. */
export function WithdrawDialog({ change, opened, close }: DialogProps) {
  const withdraw = useAct("changes.withdraw");
  return (
    <Confirm
      opened={opened}
      onClose={() => {
        withdraw.reset();
        close();
      }}
      title={`Withdraw what I said: ${change.number}`}
      does="Your votes on the content as it is now count no more, and if you keep out of the change, you take part again."
      undo="vote again."
      verb="Withdraw"
      pending={withdraw.pending}
      problem={withdraw.problem}
      onConfirm={async () => (await withdraw.run({ params: { id: change.number }, body: {} })) !== undefined}
    />
  );
}

/** Asks what the conflict of interest is. */
export function RecuseDialog({ change, opened, close }: DialogProps) {
  const recuse = useAct("changes.recuse");
  const [reason, setReason] = useState("");
  return (
    <Confirm
      opened={opened}
      onClose={() => {
        recuse.reset();
        close();
      }}
      title={`Keep out of ${change.number}`}
      does="Votes of yours on this change count no more, and boards decide without you. Everybody who sees the change sees the reason."
      undo="withdraw it, as long as nothing was decided without you."
      verb="Keep out of it"
      blocked={reason.trim() === ""}
      pending={recuse.pending}
      problem={recuse.problem}
      onConfirm={async () =>
        (await recuse.run({ params: { id: change.number }, body: { reason: reason.trim() } })) !== undefined
      }
    >
      <Textarea
        label="The conflict of interest"
        required
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Confirm>
  );
}
