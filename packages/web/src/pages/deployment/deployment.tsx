import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { asking, useAsk } from "../../data/ask.ts";
import type { Change, Deployment } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import { Ago, spanInWords, useNow } from "../../ui/ago.tsx";
import { Handle } from "../../ui/handle.tsx";
import { Link } from "../../ui/link.tsx";
import { Answer, LoadingSections, Page, Section } from "../../ui/page.tsx";
import { StateBadge } from "../../ui/state.tsx";
import { Pause, Paused } from "./pause.tsx";
import { RollBack } from "./roll-back.tsx";
import { SignOff } from "./sign-off.tsx";
import { Steps } from "./steps.tsx";
import { Stop } from "./stop.tsx";
import { Watch } from "./watch.tsx";
import "./deployment.css";

const route = getRouteApi("/deployments/$id");
const UNDER_WAY = new Set<Deployment["state"]>(["requested", "running", "waiting"]);

/** What is happening right now? */
export default function DeploymentPage() {
  const { id } = route.useParams();
  // Steps and their output come too often to be announced one by one.
  const deployment = useQuery({
    ...asking("deployments.get", { params: { id } }),
    refetchInterval: ({ state: { data } }) =>
      data && UNDER_WAY.has(data.state) ? 1000 : isWatched(data) ? 5000 : false,
  });
  const number = deployment.data?.change;
  const change = useAsk("changes.get", { params: { id: number ?? "" } }, { when: number !== undefined });
  const { data } = deployment;
  const underWay = data !== undefined && UNDER_WAY.has(data.state);
  return (
    <Page
      title={data ? titleOf(data) : "Deployment"}
      heading={data && <Heading deployment={data} />}
      answer={data && <WhatHappens deployment={data} change={change.data} />}
      action={
        data &&
        (underWay ? (
          <>
            {data.paused === null && <Pause deployment={data} />}
            <Stop deployment={data} />
          </>
        ) : (
          change.data && data.direction === "deploy" && <RollBack deployment={data} change={change.data} />
        ))
      }
    >
      <Answer query={deployment} loading={<LoadingSections sections={2} height={220} />}>
        {(read) => <Details deployment={read} />}
      </Answer>
    </Page>
  );
}

function Details({ deployment }: { readonly deployment: Deployment }) {
  const { steps, refusal, targetState, state } = deployment;
  const waiting = state === "waiting" ? steps.find((step) => step.state === "waiting") : undefined;
  return (
    <Stack gap="md">
      {UNDER_WAY.has(state) && <Paused deployment={deployment} />}
      {waiting && <SignOff deployment={deployment} step={waiting} />}
      {refusal && (
        <div className={`notice ${state === "cancelled" ? "state-undone" : "state-stopped"}`} role="alert">
          <strong>{refusal.message}</strong>
          <p>{refusal.hint}</p>
          <span className="mono quiet">{refusal.code}</span>
        </div>
      )}
      <Watch deployment={deployment} />
      {targetState && (
        <Section title="What state the target was left in">
          <p style={{ margin: 0 }}>{targetState}</p>
        </Section>
      )}
      <Section
        title="Steps"
        aside={
          <span className="quiet data">
            {steps.filter((step) => step.state === "done").length} of {steps.length} done
            {deployment.attempt > 1 && `, in try ${deployment.attempt}`}
          </span>
        }
        padded={false}
      >
        <Steps deployment={deployment} />
      </Section>
    </Stack>
  );
}

function isWatched(deployment: Deployment | undefined): boolean {
  return (deployment?.watch?.nextAt ?? null) !== null;
}

function titleOf({ change, environment, direction }: Deployment): string {
  return direction === "deploy" ? `${change} to ${environment}` : `${change} rolled back in ${environment}`;
}

function Heading({ deployment: { change, environment, direction } }: { readonly deployment: Deployment }) {
  const number = <Link href={paths.change(change)}>{change}</Link>;
  return direction === "deploy" ? (
    <>
      Deployment of {number} to {environment}
    </>
  ) : (
    <>
      Rollback of {number} in {environment}
    </>
  );
}

function WhatHappens(props: { readonly deployment: Deployment; readonly change: Change | undefined }) {
  const { deployment, change } = props;
  const { state, steps, requestedBy, requestedAt, startedAt, finishedAt } = deployment;
  const now = new Date(useNow()).toISOString();
  const at = steps.findIndex((step) => step.state === "running" || step.state === "waiting" || step.state === "failed");
  const from = startedAt ?? requestedAt;
  return (
    <Stack gap={4}>
      <div style={{ display: "flex", flexWrap: "wrap", gap: "4px 10px", alignItems: "center" }} role="status">
        <StateBadge state={state} />
        {at >= 0 && (
          <span>
            step {at + 1} of {steps.length}: {steps[at]!.title}
          </span>
        )}
      </div>
      <div className="quiet data">
        {change && <>{change.title} · </>}
        asked for by <Handle of={requestedBy} /> <Ago at={requestedAt} />
        {finishedAt
          ? ` · took ${spanInWords(from, finishedAt)}`
          : startedAt && now > from && ` · for ${spanInWords(from, now)}`}
      </div>
    </Stack>
  );
}
