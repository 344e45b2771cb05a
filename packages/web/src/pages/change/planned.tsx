import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import type { Change } from "../../data/types.ts";
import { ActButton, type Permit } from "../../ui/act-button.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Told } from "../../ui/moment.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { Mark } from "../../ui/state.tsx";
import { permitOf } from "./acts.ts";

/** What keeps a deployment from beginning now and may have passed by then. */
const PASSING = new Set(["OUTSIDE_WINDOW", "FROZEN", "ENVIRONMENT_BUSY", "DEPLOYMENTS_HELD"]);

/** Whether the person may put a deployment down for later: as one may deploy, but for what only the moment is against. */
export function permitToPlan(change: Change, environment: string): Permit {
  const act = change.acts.find((one) => one.act === `deploy:${environment}`);
  return act !== undefined && PASSING.has(act.code ?? "")
    ? { allowed: true }
    : permitOf(change, `deploy:${environment}`);
}

/** Deployments that begin by themselves and can be called off, and those that were refused when they should have begun. */
export function Planned({ change }: { readonly change: Change }) {
  const callOff = useAct("changes.unschedule");
  return (
    <>
      {change.scheduled
        .filter(({ state }) => state !== "begun")
        .map(({ environment, at, by, state, message }) => (
          <p key={environment + at} className="data planned">
            {state === "waiting" ? (
              <>
                <Mark kind="waiting" words="planned" /> {environment} begins by itself <Told text={at} />, put down by{" "}
                {by}.{" "}
                <ActButton
                  permit={{ allowed: true }}
                  size="compact-sm"
                  variant="default"
                  aria-label={`Call off ${environment}`}
                  loading={callOff.pending}
                  onClick={() => void callOff.run({ params: { id: change.number }, body: { environment } })}
                >
                  Call off
                </ActButton>
              </>
            ) : (
              <>
                <Mark kind="stopped" words="refused" /> {environment} should have begun <Told text={at} />:{" "}
                <Told text={message ?? ""} />
              </>
            )}
          </p>
        ))}
      {callOff.problem && <ProblemNotice problem={callOff.problem} close={callOff.reset} />}
    </>
  );
}

/** Asks when a deployment is to begin by itself. */
export function PlanDialog(props: {
  readonly change: Change;
  readonly environment: string | null;
  readonly close: () => void;
}) {
  const { change, environment, close } = props;
  const plan = useAct("changes.schedule");
  const [at, setAt] = useState("");
  const moment = new Date(at);
  const isMoment = !Number.isNaN(moment.getTime());
  const conflicts = useAsk(
    "changes.conflicts",
    {
      params: { id: change.number },
      query: { environment: environment ?? "", at: isMoment ? moment.toISOString() : "" },
    },
    { when: environment !== null && isMoment },
  );
  if (environment === null) return null;
  const end = () => {
    plan.reset();
    setAt("");
    close();
  };
  return (
    <Confirm
      opened
      onClose={end}
      title={`Deploy ${change.number} to ${environment} later`}
      verb="Put down"
      blocked={!isMoment}
      pending={plan.pending}
      problem={plan.problem}
      does={
        <>
          It begins by itself at that moment, in your name. Windows, freezes, approvals and everything else are asked
          again then; where something stands against it, nothing is deployed and this page says why.
        </>
      }
      undo="call it off on this page before it begins."
      onConfirm={async () => {
        const body = { environment, at: moment.toISOString() };
        return (await plan.run({ params: { id: change.number }, body })) !== undefined;
      }}
    >
      <TextInput
        type="datetime-local"
        label="When"
        description={`In your time zone, ${Intl.DateTimeFormat().resolvedOptions().timeZone}.`}
        required
        data-autofocus
        value={at}
        onChange={(event) => setAt(event.currentTarget.value)}
      />
      <div role="status" className="data">
        {isMoment &&
          (conflicts.data?.items ?? []).map(({ kind, message, hint }) => (
            <p key={message} className="flat">
              <Mark
                kind={kind === "not-possible" ? "stopped" : "attention"}
                words={kind === "not-possible" ? "not possible" : "mind"}
              />{" "}
              <Told text={message} /> {hint && <Told text={hint} />}
            </p>
          ))}
        {isMoment && conflicts.data?.items.length === 0 && <p className="flat">Nothing stands against it.</p>}
      </div>
    </Confirm>
  );
}
