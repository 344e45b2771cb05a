import { useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import { permitOf } from "../../data/permit.ts";
import type { Deployment } from "../../data/types.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { ReasonField } from "../../ui/reason-field.tsx";

/** Stops a deployment that is under way, after it was said what that does. */
export function Stop({ deployment }: { readonly deployment: Deployment }) {
  const { data: me } = useAsk("me");
  const cancel = useAct("deployments.cancel");
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState("");
  const done = deployment.steps.filter((step) => step.state === "done");
  const inHand = deployment.steps.find((step) => step.state === "running" || step.state === "waiting");
  return (
    <>
      <ActButton
        permit={permitOf(me, "deployment.cancel")}
        variant="default"
        onClick={() => setOpened(true)}
        loading={cancel.pending}
      >
        Stop…
      </ActButton>
      <Confirm
        opened={opened}
        onClose={() => {
          setOpened(false);
          cancel.reset();
        }}
        title={`Stop the ${deployment.direction === "deploy" ? "deployment" : "rollback"} in ${deployment.environment}`}
        does={
          <>
            {inHand ? `"${inHand.title}" is ended` : "It ends before its first step"}; what runs in a transaction is
            rolled back, so that half a step stays nowhere. {stays(done.length)} The page then says in what state the
            target was left.
          </>
        }
        undo={
          deployment.direction === "deploy"
            ? "deploy again and it goes through the gates anew, or roll back what was done."
            : "roll back again; it takes up what is not taken back yet."
        }
        verb="Stop it"
        blocked={reason.trim() === ""}
        pending={cancel.pending}
        problem={cancel.problem}
        onConfirm={async () => {
          const body = { reason: reason.trim() };
          return (await cancel.run({ params: { id: deployment.id }, body })) !== undefined;
        }}
      >
        <ReasonField value={reason} onChange={setReason} />
      </Confirm>
    </>
  );
}

function stays(done: number): string {
  if (done === 0) return "Nothing was done before it.";
  return done === 1 ? "The one step done before it stays done." : `The ${done} steps done before it stay done.`;
}
