import { useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import { permitOf } from "../../data/permit.ts";
import type { Deployment } from "../../data/types.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { Ago } from "../../ui/ago.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Handle } from "../../ui/handle.tsx";
import { Section } from "../../ui/page.tsx";
import { ReasonField } from "../../ui/reason-field.tsx";

type Watched = NonNullable<Deployment["watch"]>;

const STATE: Readonly<Record<Watched["state"], string>> = {
  watching: "Watched",
  held: "Held: not everything can be measured, so nobody knows whether it is well",
  asking: "Set off: somebody has to say whether it is rolled back",
  triggered: "Set off: it is rolled back as soon as it can be",
  "rolling-back": "Rolled back by a trigger",
  passed: "Over: everything passed",
  ended: "Ended",
};
const RESULT = { pass: "passes", fail: "fails", inconclusive: "not known" } as const;
const TONE = { pass: "state-done", fail: "state-stopped", inconclusive: "state-waiting" } as const;
const OPEN: ReadonlySet<Watched["state"]> = new Set(["watching", "held", "asking", "triggered"]);

/** What the rollback triggers of a deployment say, and who decides where they cannot. */
export function Watch({ deployment }: { readonly deployment: Deployment }) {
  const { watch, environment } = deployment;
  if (!watch) return null;
  const { state, checks, unmeasured, refusal, endedBy, reason, until, failures } = watch;
  const isOpen = OPEN.has(state);
  return (
    <Section title="Rollback triggers" aside={isOpen && <EndWatch deployment={deployment} />}>
      {checks.length > 0 && (
        <p style={{ margin: "0 0 8px" }} role="status">
          <strong>{STATE[state]}</strong>
          {state === "watching" && (
            <span className="quiet">
              {" "}
              until <Ago at={until} />, and rolled back after {failures} failures in a row
            </span>
          )}
          {endedBy !== null && (
            <span className="quiet">
              {" "}
              by <Handle of={endedBy} />: {reason}
            </span>
          )}
        </p>
      )}
      {refusal && (
        <div className="notice state-stopped" role="alert">
          <strong>{refusal.message}</strong>
          <p>{refusal.hint}</p>
          <span className="mono quiet">{refusal.code}</span>
        </div>
      )}
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {checks.map((check) => (
          <li key={check.trigger}>
            {check.title}:{" "}
            {check.result === null ? (
              <span className="quiet">not looked at yet</span>
            ) : (
              <>
                <strong className={TONE[check.result]}>{RESULT[check.result]}</strong>
                <span className="quiet data">
                  {" "}
                  {check.words}
                  {check.failures > 0 && `, ${check.failures} of ${failures} failures`}
                  {check.at !== null && (
                    <>
                      {" · "}
                      <Ago at={check.at} />
                    </>
                  )}
                </span>
              </>
            )}
          </li>
        ))}
        {unmeasured.map((title) => (
          <li key={title}>
            {title}: <strong>not measured</strong> <span className="quiet">nothing in {environment} says how</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function EndWatch({ deployment }: { readonly deployment: Deployment }) {
  const { data: me } = useAsk("me");
  const end = useAct("deployments.endWatch");
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState("");
  return (
    <>
      <ActButton permit={permitOf(me, "change.rollback")} variant="default" size="xs" onClick={() => setOpened(true)}>
        End the watch…
      </ActButton>
      <Confirm
        opened={opened}
        onClose={() => {
          setOpened(false);
          end.reset();
        }}
        title={`End the watch of ${deployment.change} in ${deployment.environment}`}
        does="Nothing is measured any more, and nothing is rolled back by itself. The change can be closed and deployed on, and you answer for it."
        undo="roll the deployment back by hand; a watch does not begin anew."
        verb="End the watch"
        blocked={reason.trim() === ""}
        pending={end.pending}
        problem={end.problem}
        onConfirm={async () => {
          const body = { reason: reason.trim() };
          return (await end.run({ params: { id: deployment.id }, body })) !== undefined;
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
