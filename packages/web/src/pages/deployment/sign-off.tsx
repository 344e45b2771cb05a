import { Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import { permitOf } from "../../data/permit.ts";
import type { Deployment } from "../../data/types.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { Section } from "../../ui/page.tsx";
import { StateBadge } from "../../ui/state.tsx";

/** The step that a person must do, and the word that it is done. */
export function SignOff(props: { readonly deployment: Deployment; readonly step: Deployment["steps"][number] }) {
  const { deployment, step } = props;
  const { data: me } = useAsk("me");
  const signOff = useAct("changes.signOff");
  const [note, setNote] = useState("");
  const send = async () => {
    const body = { step: step.id, ...(note.trim() ? { note: note.trim() } : {}) };
    if (await signOff.run({ params: { id: deployment.change }, body })) setNote("");
  };
  return (
    <Section
      title="Waits for a person"
      aside={<StateBadge state="waiting" words="waiting for a sign-off" kind="attention" />}
    >
      <Stack gap="sm">
        <div>
          <strong>{step.title}</strong>
          <div className="quiet data">
            In {deployment.environment}. Everything after it waits until somebody has done this and says so.
          </div>
        </div>
        <Textarea
          label="Note"
          description="What was done, seen or decided; kept with the sign-off. May be left empty."
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          autosize
          minRows={2}
          maw={640}
        />
        {signOff.problem && <ProblemNotice problem={signOff.problem} />}
        <div>
          <ActButton permit={permitOf(me, "deployment.sign-off")} onClick={send} loading={signOff.pending} explained>
            It is done: sign off
          </ActButton>
        </div>
      </Stack>
    </Section>
  );
}
