import { Stack, Textarea } from "@mantine/core";
import { useEffect, useState } from "react";
import { useAct } from "../../data/ask.ts";
import type { Change } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { Ago } from "../../ui/ago.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Link } from "../../ui/link.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { Actions, Section } from "../../ui/page.tsx";
import { Mark, StateBadge } from "../../ui/state.tsx";
import { isLast, permitOf } from "./acts.ts";
import { OnTarget } from "./on-target.tsx";
import { Planned, permitToPlan } from "./planned.tsx";

/** Where the change is deployed, in the order of promotion, with the ways to and fro. */
export function Environments(props: {
  readonly change: Change;
  readonly deploy: (environment: string) => void;
  readonly plan: (environment: string) => void;
  readonly rollBack: (environment: string) => void;
}) {
  const { change, deploy, plan, rollBack } = props;
  return (
    <Section title="Environments" id="environments">
      <ul className="environment-list">
        {change.environments.map(({ environment, state, at, deployment }) => (
          <li key={environment} data-flash={`environment:${environment}`}>
            <span className="environment-name">{environment}</span>
            <span className="environment-state">
              <StateBadge state={state} />{" "}
              {at && (
                <span className="quiet data">
                  {deployment ? (
                    <Link href={paths.deployment(deployment)}>
                      <Ago at={at} still />
                    </Link>
                  ) : (
                    <Ago at={at} />
                  )}
                </span>
              )}
            </span>
            <Taken change={change} environment={environment} />
            <Actions>
              <ActButton
                permit={permitOf(change, `deploy:${environment}`)}
                size="xs"
                variant="default"
                aria-label={`Deploy to ${environment}`}
                onClick={() => deploy(environment)}
              >
                Deploy
              </ActButton>
              {permitToPlan(change, environment).allowed && (
                <ActButton
                  permit={{ allowed: true }}
                  size="xs"
                  variant="default"
                  aria-label={`Deploy later to ${environment}`}
                  onClick={() => plan(environment)}
                >
                  Later
                </ActButton>
              )}
              <ActButton
                permit={permitOf(change, `rollback:${environment}`)}
                size="xs"
                variant="default"
                aria-label={`Roll back ${environment}`}
                onClick={() => rollBack(environment)}
              >
                Roll back
              </ActButton>
            </Actions>
          </li>
        ))}
      </ul>
      <Planned change={change} />
    </Section>
  );
}

/** Says that another change has the environment, and leads there. */
function Taken({ change, environment }: { readonly change: Change; readonly environment: string }) {
  const taken = change.acts.find((act) => act.act === `deploy:${environment}` && act.code === "ENVIRONMENT_BUSY");
  const own = change.environments.some(({ deployment }) => deployment === taken?.deployment);
  if (taken?.deployment === undefined || own) return null;
  return (
    <span className="environment-taken data">
      <Link href={paths.deployment(taken.deployment)} className="link">
        {taken.reason}
      </Link>
    </span>
  );
}

/** Asks before deploying: tries the gates first, says what will run there and how to take it back. */
export function DeployDialog({ change, environment, close }: DialogProps) {
  const gates = useAct("changes.deploy");
  const deploy = useAct("changes.deploy");
  const { run: tryGates, reset: forgetGates } = gates;
  useEffect(() => {
    forgetGates();
    deploy.reset();
    if (environment) tryGates({ params: { id: change.number }, body: { environment, dryRun: true } });
  }, [environment]);
  if (environment === null) return null;
  return (
    <Confirm
      opened
      onClose={close}
      title={`Deploy ${change.number} to ${environment}`}
      verb="Deploy"
      typed={isLast(change, environment) ? environment : undefined}
      blocked={!gates.answer}
      pending={deploy.pending}
      problem={deploy.problem}
      does={
        <>
          <p className="flat">
            This runs the following in <strong>{environment}</strong>, one after the other, and stops at the first that
            fails:
          </p>
          {gates.pending && <p className="quiet data">Trying the gates and looking at the target…</p>}
          {gates.answer && (
            <>
              <ol className="data">
                {gates.answer.steps.map(({ id, title }) => (
                  <li key={id}>{title}</li>
                ))}
              </ol>
              <p className="flat data">
                <Mark kind="good" words="good" /> The gates are open.
              </p>
              {gates.answer.onTarget && <OnTarget target={gates.answer.onTarget} />}
            </>
          )}
          {gates.problem && <ProblemNotice problem={gates.problem} />}
        </>
      }
      undo={<Procedure change={change} />}
      onConfirm={async () => (await deploy.run({ params: { id: change.number }, body: { environment } })) !== undefined}
    />
  );
}

/** Asks before rolling back: why, what will run, and that it can be deployed again. */
export function RollbackDialog({ change, environment, close }: DialogProps) {
  const rollback = useAct("changes.rollback");
  const [reason, setReason] = useState("");
  if (environment === null) return null;
  return (
    <Confirm
      opened
      onClose={() => {
        rollback.reset();
        close();
      }}
      title={`Roll ${change.number} back in ${environment}`}
      verb="Roll back"
      typed={isLast(change, environment) ? environment : undefined}
      blocked={reason.trim() === ""}
      pending={rollback.pending}
      problem={rollback.problem}
      does={
        <>
          This takes <strong>{environment}</strong> back to what it was before the change:
          <Procedure change={change} />
        </>
      }
      undo="deploy the change again once it may be."
      onConfirm={async () => {
        const answer = await rollback.run({
          params: { id: change.number },
          body: { environment, reason: reason.trim() },
        });
        if (answer) setReason("");
        return answer !== undefined;
      }}
    >
      <Textarea
        label="Why"
        description="It stands in the audit trail."
        required
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Confirm>
  );
}

interface DialogProps {
  readonly change: Change;
  /** Null while nothing is asked. */
  readonly environment: string | null;
  readonly close: () => void;
}

/** What rolling the change back means, as its process says. */
export function Procedure({ change }: { readonly change: Change }) {
  if (change.rollbackProcedure.length === 0) return <>roll it back; its process names no steps for that.</>;
  return (
    <Stack gap={0}>
      <ol className="data" style={{ margin: "4px 0" }}>
        {change.rollbackProcedure.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </Stack>
  );
}
