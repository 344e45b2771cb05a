import { progressText } from "@change-mgmt/domain/lifecycle/deployment/batch-progress.ts";
import { Button, Group, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asking, useAct } from "../../data/ask.ts";
import type { Deployment } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import { Ago, spanInWords } from "../../ui/ago.tsx";
import { Code } from "../../ui/code.tsx";
import { Handle } from "../../ui/handle.tsx";
import { Link } from "../../ui/link.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { Answer, LoadingLines, Section } from "../../ui/page.tsx";
import { StateBadge } from "../../ui/state.tsx";

const SHOWN = 5;
const AT_WORK = new Set<Deployment["state"]>(["requested", "running", "waiting"]);

/** The latest deployments and rollbacks of a change, live, with the steps of what is at work or went wrong. */
export function Deployments({ number }: { readonly number: string }) {
  const deployments = useQuery({
    ...asking("changes.deployments", { params: { id: number } }),
    // The steps of a deployment at work are no events of their own.
    refetchInterval: ({ state: { data } }) => (data?.items.some(({ state }) => AT_WORK.has(state)) ? 1000 : false),
  });
  const [all, setAll] = useState(false);
  return (
    <Section title="Deployments">
      <Answer query={deployments} loading={<LoadingLines lines={2} />}>
        {({ items }) => (
          <>
            {items.length === 0 && <p className="quiet flat">Not deployed yet.</p>}
            {items.slice(0, all ? undefined : SHOWN).map((one, at) => (
              <OneDeployment key={one.id} deployment={one} number={number} open={at === 0 || AT_WORK.has(one.state)} />
            ))}
            {items.length > SHOWN && !all && (
              <Button variant="subtle" size="xs" onClick={() => setAll(true)}>
                Show {items.length - SHOWN} earlier
              </Button>
            )}
          </>
        )}
      </Answer>
    </Section>
  );
}

function OneDeployment(props: { deployment: Deployment; number: string; open: boolean }) {
  const { deployment, number, open } = props;
  const { id, direction, environment, state, requestedBy, requestedAt, startedAt, finishedAt, refusal, targetState } =
    deployment;
  return (
    <details open={open} className="deployment">
      <summary className="fold flush">
        <StateBadge state={state} /> <strong>{direction === "deploy" ? "Deployment to" : "Rollback of"}</strong>{" "}
        {environment}{" "}
        <span className="quiet data">
          <Handle of={requestedBy} /> <Ago at={requestedAt} still />
          {startedAt && finishedAt && `, took ${spanInWords(startedAt, finishedAt)}`}
        </span>
      </summary>
      {refusal && (
        <div className="notice state-stopped">
          <strong>{refusal.message}</strong>
          <p>{refusal.hint}</p>
          <span className="mono quiet">{refusal.code}</span>
        </div>
      )}
      {targetState && <p className="data flat">{targetState}</p>}
      {deployment.paused && (
        <p className="data flat">
          Paused by <Handle of={deployment.paused.by} />: {deployment.paused.reason}
        </p>
      )}
      <DeploymentSteps steps={deployment.steps} signOff={state === "waiting" ? number : undefined} />
      <Link href={paths.deployment(id)} className="link data">
        The whole deployment
      </Link>
    </details>
  );
}

/** The steps of a deployment with their times and output; with `signOff`, the number of the change, those that wait for a person can be signed off. */
export function DeploymentSteps({ steps, signOff }: { steps: Deployment["steps"]; signOff?: string | undefined }) {
  return (
    <ol className="deployment-steps data">
      {steps.map((step) => (
        <li key={step.id}>
          <StateBadge state={step.state} /> {step.title}{" "}
          <span className="quiet">
            {step.startedAt && step.finishedAt && spanInWords(step.startedAt, step.finishedAt)}
            {step.attempt > 1 && step.state !== "pending" && ` tried ${step.attempt} times`}
          </span>
          {step.progress && <div>{progressText(step.progress)}</div>}
          {step.message && <div className="quiet">{step.message}</div>}
          {step.output.length > 0 && (
            <details open={step.state === "failed" || step.state === "running"}>
              <summary className="fold flush quiet">
                {step.output.length} {step.output.length === 1 ? "line" : "lines"} of output
              </summary>
              <Code text={step.output.join("\n")} label={`Output of ${step.title}`} />
            </details>
          )}
          {signOff && step.state === "waiting" && <SignOff number={signOff} step={step.id} title={step.title} />}
        </li>
      ))}
    </ol>
  );
}

function SignOff({ number, step, title }: { number: string; step: string; title: string }) {
  const signOff = useAct("changes.signOff");
  const [note, setNote] = useState("");
  return (
    <form
      className="inline-form"
      onSubmit={(event) => {
        event.preventDefault();
        const said = note.trim();
        signOff.run({ params: { id: number }, body: { step, ...(said ? { note: said } : {}) } });
      }}
    >
      <Group gap={8} align="flex-end">
        <TextInput
          label={`Note on "${title}" (optional)`}
          size="xs"
          style={{ flex: "1 1 200px" }}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" loading={signOff.pending}>
          It is done
        </Button>
      </Group>
      {signOff.problem && <ProblemNotice problem={signOff.problem} />}
    </form>
  );
}
