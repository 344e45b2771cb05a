import type { CallOutput } from "@change-mgmt/api/client.ts";
import { useQuery } from "@tanstack/react-query";
import { asking, useAsk } from "../../data/ask.ts";
import { permitOf } from "../../data/permit.ts";
import { paths } from "../../paths.ts";
import { SampleProgress } from "../../shell/sample.tsx";
import { ActButton } from "../../ui/act-button.tsx";
import { Ago } from "../../ui/ago.tsx";
import { useFlash } from "../../ui/flash.ts";
import { Link, useGo } from "../../ui/link.tsx";
import { Told } from "../../ui/moment.tsx";
import { Blank } from "../../ui/notices.tsx";
import { Answer, LoadingSections, Page, Section } from "../../ui/page.tsx";
import { Mark, StateBadge } from "../../ui/state.tsx";
import { Board } from "./board.tsx";
import { actWords } from "./words.ts";
import "./overview.css";

type Overview = CallOutput<"overview">;
type Deployment = Overview["running"][number];

/** What needs me, and is anything wrong? */
export default function OverviewPage() {
  const overview = useQuery({
    ...asking("overview"),
    // Steps of a deployment come too often to be announced one by one.
    refetchInterval: ({ state: { data } }) => (data && data.running.length > 0 ? 2000 : false),
  });
  const { data: me } = useAsk("me");
  const go = useGo();
  return (
    <Page
      title="Overview"
      answer={overview.data && <p className="overview-answer">{inShort(overview.data)}</p>}
      action={
        <ActButton permit={permitOf(me, "change.create")} onClick={() => go(paths.newChange())}>
          New change
        </ActButton>
      }
    >
      <SampleProgress />
      <Answer query={overview} loading={<LoadingSections sections={3} height={180} />}>
        {(data) => (
          <div className="overview">
            <WaitingForMe overview={data} />
            <div className="overview-side">
              <Running deployments={data.running} />
              <Troubles deployments={data.troubles} />
            </div>
            <Section title="Changes by stage" id="by-stage">
              <Board stages={data.byStage} />
            </Section>
          </div>
        )}
      </Answer>
    </Page>
  );
}

function inShort({ waitingForMe, running, troubles }: Overview): string {
  const failed = troubles.filter(({ state, finishedAt }) => state === "failed" && withinDays(finishedAt, 7)).length;
  return [
    waitingForMe.length === 0 ? "Nothing waits for you" : `${count(waitingForMe.length, "change")} waiting for you`,
    running.length === 0 ? "nothing is being deployed" : `${count(running.length, "deployment")} under way`,
    failed === 0 ? "nothing failed this week" : `${count(failed, "deployment")} failed this week`,
  ]
    .join(", ")
    .concat(".");
}

function withinDays(at: string | null, days: number): boolean {
  return at !== null && Date.now() - Date.parse(at) < days * 86_400_000;
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? "" : "s"}`;
}

function WaitingForMe({ overview: { waitingForMe, more } }: { readonly overview: Overview }) {
  const rows = useFlash<HTMLUListElement>(
    Object.fromEntries(waitingForMe.map(({ change, act, reason }) => [change.id + act, reason])),
    { fresh: true },
  );
  return (
    <Section
      title="Waits for me"
      aside={waitingForMe.length > 0 && <span className="quiet data">{waitingForMe.length}</span>}
      padded={false}
    >
      {waitingForMe.length === 0 ? (
        <Blank title="Nothing waits for you" action={<Link href={paths.changes({ active: "true" })}>All changes</Link>}>
          What you could approve, complete, sign off or submit appears here.
        </Blank>
      ) : (
        <ul className="rows" ref={rows}>
          {waitingForMe.map(({ change, act, reason, deployment, since }) => (
            <li key={`${change.id}${act}`} data-flash={change.id + act}>
              <Link
                className="row-link"
                href={deployment === null ? paths.change(change.number) : paths.deployment(deployment)}
              >
                <span className="row-act">
                  <Mark kind="attention" words="waits for you" /> {actWords(act)}
                </span>
                <span className="row-main">
                  <span className="row-title">
                    <span className="quiet">{change.number}</span> {change.title}
                  </span>
                  <span className="quiet data">
                    <Told text={reason} />
                    {(change.priority === "critical" || change.breaking) && (
                      <>
                        {" "}
                        {[change.breaking && "Breaking.", change.priority === "critical" && "Critical."]
                          .filter(Boolean)
                          .join(" ")}
                      </>
                    )}
                  </span>
                </span>
                <span className="quiet data row-when">
                  <Ago at={since} still />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {more && (
        <p className="quiet data" style={{ margin: 0, padding: "8px 14px" }}>
          Only the changes touched last were looked through; older ones are in{" "}
          <Link href={paths.changes({ active: "true" })}>the list</Link>.
        </p>
      )}
    </Section>
  );
}

function Running({ deployments }: { readonly deployments: readonly Deployment[] }) {
  const rows = useFlash<HTMLUListElement>(
    Object.fromEntries(deployments.map(({ id, state, stepsDone }) => [id, `${state} ${stepsDone}`])),
    { fresh: true },
  );
  return (
    <Section title="Being deployed now" padded={false}>
      {deployments.length === 0 ? (
        <p className="quiet none">Nothing at this moment.</p>
      ) : (
        <ul className="rows" ref={rows}>
          {deployments.map((deployment) => (
            <li key={deployment.id} data-flash={deployment.id}>
              <Link className="row-link upright" href={paths.deployment(deployment.id)}>
                <span className="row-title">
                  <StateBadge state={deployment.state} /> {deployment.change}{" "}
                  {deployment.direction === "deploy" ? "to" : "rolled back in"} {deployment.environment}
                </span>
                <Progress deployment={deployment} />
                <span className="quiet data">
                  {deployment.step
                    ? `Step ${deployment.stepsDone + 1} of ${deployment.stepsInAll}: ${deployment.step.title}`
                    : "Waiting for a worker"}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Progress({ deployment: { stepsDone, stepsInAll } }: { readonly deployment: Deployment }) {
  return <progress className="progress" max={stepsInAll || 1} value={stepsDone} aria-label="Steps done" />;
}

function Troubles({ deployments }: { readonly deployments: readonly Deployment[] }) {
  return (
    <Section title="Failed or rolled back lately" padded={false}>
      {deployments.length === 0 ? (
        <p className="quiet none">Nothing so far.</p>
      ) : (
        <ul className="rows">
          {deployments.map((deployment) => (
            <li key={deployment.id}>
              <Link className="row-link upright" href={paths.deployment(deployment.id)}>
                <span className="row-title">
                  <Trouble deployment={deployment} /> {deployment.change} in {deployment.environment}{" "}
                  <span className="quiet data">
                    <Ago at={deployment.finishedAt ?? deployment.requestedAt} still />
                  </span>
                </span>
                {deployment.refusal && <span className="quiet data">{deployment.refusal.message}</span>}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Trouble({ deployment: { state, direction } }: { readonly deployment: Deployment }) {
  if (state === "succeeded") return <StateBadge state="rolled-back" />;
  const words = state === "cancelled" ? "stopped" : direction === "deploy" ? "failed" : "rollback failed";
  return <StateBadge state={state} words={words} />;
}
