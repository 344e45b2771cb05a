import { useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import { permitOf } from "../../data/permit.ts";
import type { Deployment } from "../../data/types.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { Ago } from "../../ui/ago.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Handle } from "../../ui/handle.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { ReasonField } from "../../ui/reason-field.tsx";

/** Pauses a deployment that is under way, after it was said what that does. */
export function Pause({ deployment }: { readonly deployment: Deployment }) {
  const { data: me } = useAsk("me");
  const pause = useAct("deployments.pause");
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState("");
  return (
    <>
      <ActButton permit={permitOf(me, "deployment.pause")} variant="default" onClick={() => setOpened(true)}>
        Pause…
      </ActButton>
      <Confirm
        opened={opened}
        onClose={() => {
          setOpened(false);
          pause.reset();
        }}
        title={`Pause the ${deployment.direction === "deploy" ? "deployment" : "rollback"} in ${deployment.environment}`}
        does="The step in hand, or the batch of a backfill, is brought to its end. Then nothing more is done until somebody lets it go on; nobody else can deploy there meanwhile."
        undo="let it go on: it does so exactly where it stands."
        verb="Pause it"
        blocked={reason.trim() === ""}
        pending={pause.pending}
        problem={pause.problem}
        onConfirm={async () => {
          const body = { reason: reason.trim() };
          return (await pause.run({ params: { id: deployment.id }, body })) !== undefined;
        }}
      >
        <ReasonField
          value={reason}
          onChange={setReason}
          description="Shown to everybody, and kept in the audit trail."
        />
      </Confirm>
    </>
  );
}

/** Says who has paused a deployment and why, and lets it go on. */
export function Paused({ deployment }: { readonly deployment: Deployment }) {
  const { data: me } = useAsk("me");
  const resume = useAct("deployments.resume");
  const { paused, state } = deployment;
  if (paused === null) return null;
  return (
    <div className="notice state-waiting" role="status">
      <strong>
        {state === "waiting" ? "Paused" : "To be paused after the step or batch in hand"}: {paused.reason}
      </strong>
      <p>
        <Handle of={paused.by} /> <Ago at={paused.at} />
      </p>
      <ActButton
        permit={permitOf(me, "deployment.pause")}
        size="xs"
        loading={resume.pending}
        onClick={() => void resume.run({ params: { id: deployment.id } })}
      >
        Let it go on
      </ActButton>
      {resume.problem && <ProblemNotice problem={resume.problem} />}
    </div>
  );
}
