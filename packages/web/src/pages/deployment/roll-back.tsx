import { useState } from "react";
import { useAct } from "../../data/ask.ts";
import type { Change, Deployment } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { useGo } from "../../ui/link.tsx";
import { ReasonField } from "../../ui/reason-field.tsx";

/** Rolls the environment back to what it was before the change, after it was said what that does. */
export function RollBack({ deployment, change }: { readonly deployment: Deployment; readonly change: Change }) {
  const { environment } = deployment;
  const go = useGo();
  const rollback = useAct("changes.rollback");
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState("");
  const act = change.acts.find(({ act: name }) => name === `rollback:${environment}`);
  const here = change.environments.find((one) => one.environment === environment);
  const isLast = change.environments.at(-1)?.environment === environment;
  if (act === undefined) return null;
  const permit =
    here?.deployment !== null && here?.deployment !== deployment.id
      ? { allowed: false, reason: "This deployment is not the newest here.", hint: "The change shows where it stands." }
      : act;
  return (
    <>
      <ActButton permit={permit} variant="default" onClick={() => setOpened(true)} loading={rollback.pending}>
        Roll back…
      </ActButton>
      <Confirm
        opened={opened}
        onClose={() => {
          setOpened(false);
          rollback.reset();
        }}
        title={`Roll ${change.number} back in ${environment}`}
        does={
          <>
            What this deployment did in <strong>{environment}</strong> is taken back, the last first, and the schema is
            compared with the snapshot taken before.
            {change.rollbackProcedure.length > 0 && (
              <>
                {" "}
                The procedure of this type:
                <ol style={{ margin: "6px 0 0", paddingLeft: 22 }}>
                  {change.rollbackProcedure.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ol>
              </>
            )}
          </>
        }
        undo={`deploy ${change.number} to ${environment} again.`}
        verb="Roll back"
        typed={isLast ? environment : undefined}
        blocked={reason.trim() === ""}
        pending={rollback.pending}
        problem={rollback.problem}
        onConfirm={async () => {
          const made = await rollback.run({
            params: { id: change.number },
            body: { environment, reason: reason.trim() },
          });
          if (made) go(paths.deployment(made.id));
          return made !== undefined;
        }}
      >
        <ReasonField value={reason} onChange={setReason} />
      </Confirm>
    </>
  );
}
