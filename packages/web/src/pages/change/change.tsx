import { Button, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import { useProcess } from "../../data/process.ts";
import type { Change } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import { offerActs } from "../../shell/palette.tsx";
import { ActButton } from "../../ui/act-button.tsx";
import { useFlash } from "../../ui/flash.ts";
import { useGo } from "../../ui/link.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { Answer, LoadingLines, LoadingSections, Page, Section } from "../../ui/page.tsx";
import { deploymentAtWork, nextActs, openSteps, partsOf, permitOf, titleOf } from "./acts.ts";
import { Approvals, type Decision, VoteDialog } from "./approvals.tsx";
import { AttachmentsSection } from "./attachments.tsx";
import { Checklist } from "./checklist.tsx";
import { Content, Summary } from "./content.tsx";
import { Deployments } from "./deployments.tsx";
import { DeployDialog, Environments, RollbackDialog } from "./environments.tsx";
import { StageProgress, Standing } from "./header.tsx";
import { OnTargets } from "./on-target.tsx";
import { People, WayBack } from "./people.tsx";
import { PlanDialog } from "./planned.tsx";
import { AssessDialog, ReasonDialog } from "./reason-dialogs.tsx";
import { Rehearsals } from "./rehearsal.tsx";
import { RecuseDialog, WithdrawDialog } from "./second-thoughts.tsx";
import { Tickets } from "./tickets.tsx";
import { Timeline } from "./timeline.tsx";
import { ValidationChecks } from "./validation.tsx";
import "./change.css";

const route = getRouteApi("/changes/$number");

/** Can this go ahead, and if not, why? */
export default function ChangePage() {
  const { number } = route.useParams();
  const change = useAsk("changes.get", { params: { id: number } });
  const validation = useAsk("changes.validation", { params: { id: number } });
  const deployments = useAsk("changes.deployments", { params: { id: number } });
  const { data } = change;
  const process = useProcess(data?.process, data?.processHash);
  // What stands between other things is waited for, so that nothing moves when it comes.
  const awaited = [validation, deployments, process];
  if (data && !awaited.some(({ isPending }) => isPending)) return <Loaded key={number} change={data} asked={change} />;
  return (
    <Page title={number}>
      <Answer query={change} loading={<LoadingSections sections={4} />}>
        {() => <LoadingSections sections={4} />}
      </Answer>
    </Page>
  );
}

/** What is open on top of the page: the act and, after its colon, what it is about. */
type Open = string | null;

function Loaded({
  change,
  asked,
}: {
  change: Change;
  asked: { data: Change | undefined; error: Error | null; refetch: () => unknown };
}) {
  const { process } = useProcess(change.process, change.processHash);
  const validation = useAsk("changes.validation", { params: { id: change.number } });
  const [open, setOpen] = useState<Open>(null);
  const [step, setStep] = useState<string | null>(null);
  const submit = useAct("changes.submit");
  const go = useGo();
  const [next, other] = nextActs(change);
  const atWork = deploymentAtWork(change);
  const begin = (act: string) => {
    const [name] = partsOf(act);
    if (name === "submit") return submit.run({ params: { id: change.number }, body: {} });
    if (name === "edit") return go(paths.editChange(change.number));
    if (name === "complete-steps") {
      setStep(openSteps(change)[0]?.id ?? null);
      return document.getElementById("checklist")?.scrollIntoView({ block: "start" });
    }
    setOpen(name === "vote" ? "vote:approve" : act);
  };
  usePalette(change, begin);
  const columns = useFlash<HTMLDivElement>(saidOf(change), { fresh: true });
  const [opened, about = ""] = open?.split(":") ?? [];
  const close = () => setOpen(null);
  return (
    <Page
      title={`${change.number} ${change.title}`}
      heading={
        <>
          {change.title || "Untitled"} <span className="quiet number">{change.number}</span>
        </>
      }
      answer={<Standing change={change} />}
      action={
        <div className="change-actions">
          {atWork && <Button onClick={() => go(paths.deployment(atWork))}>Follow the deployment</Button>}
          {next && (
            <ActButton permit={next} explained onClick={() => begin(next.act)} loading={submit.pending}>
              {titleOf(next.act)}
            </ActButton>
          )}
          {other && (
            <ActButton permit={other} explained variant="default" onClick={() => begin(other.act)}>
              {titleOf(other.act)}
            </ActButton>
          )}
          <MoreActs change={change} begin={begin} />
        </div>
      }
    >
      {submit.problem && <ProblemNotice problem={submit.problem} close={submit.reset} />}
      <StageProgress change={change} process={process} />
      <Answer query={asked}>
        {() => (
          <>
            <div className="change-columns" ref={columns}>
              <div className="change-main">
                <Summary change={change} />
                <Content change={change} />
                <Answer
                  query={validation}
                  loading={
                    <Section title="Rehearsal">
                      <LoadingLines lines={4} />
                    </Section>
                  }
                >
                  {(found) => (
                    <>
                      <Rehearsals validation={found} />
                      <OnTargets targets={found.targets} />
                      <ValidationChecks validation={found} />
                    </>
                  )}
                </Answer>
                <Checklist change={change} process={process} open={step} setOpen={setStep} />
                <AttachmentsSection change={change} />
                <Environments
                  change={change}
                  deploy={(environment) => setOpen(`deploy:${environment}`)}
                  plan={(environment) => setOpen(`plan:${environment}`)}
                  rollBack={(environment) => setOpen(`rollback:${environment}`)}
                />
                <Deployments number={change.number} />
              </div>
              <div className="change-side">
                <Approvals change={change} vote={(decision) => setOpen(`vote:${decision}`)} reconsider={setOpen} />
                <People change={change} />
                <WayBack change={change} />
                <Tickets number={change.number} />
              </div>
            </div>
            <Timeline change={change} process={process} />
          </>
        )}
      </Answer>
      <VoteDialog change={change} decision={opened === "vote" ? (about as Decision) : null} close={close} />
      <DeployDialog change={change} environment={opened === "deploy" ? about : null} close={close} />
      <PlanDialog change={change} environment={opened === "plan" ? about : null} close={close} />
      <RollbackDialog change={change} environment={opened === "rollback" ? about : null} close={close} />
      <WithdrawDialog change={change} opened={opened === "withdraw-vote"} close={close} />
      <RecuseDialog change={change} opened={opened === "recuse"} close={close} />
      <AssessDialog key={change.assessment?.at} change={change} opened={opened === "assess"} close={close} />
      {(["cancel", "rework", "close"] as const).map((act) => (
        <ReasonDialog key={act} act={act} change={change} opened={opened === act} close={close} />
      ))}
    </Page>
  );
}

/** Every act of the change, those that are not possible with why. */
function MoreActs({ change, begin }: { change: Change; begin: (act: string) => void }) {
  return (
    <Menu position="bottom-end" width={320}>
      <Menu.Target>
        <Button variant="default" px={10} aria-label="All acts">
          <IconDots size={18} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {change.acts.map(({ act, allowed, reason }) => (
          <Menu.Item
            key={act}
            aria-disabled={!allowed}
            onClick={() => allowed && begin(act)}
            closeMenuOnClick={allowed}
            className={allowed ? undefined : "quiet"}
          >
            {titleOf(act)}
            {!allowed && <div className="act-reason">{reason}</div>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** What may become another while somebody looks: steps, approvals, environments. */
function saidOf({ steps, approvals, environments }: Change): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...steps.map(({ id, completed }) => [`step:${id}`, completed?.at ?? ""]),
    ...approvals.map(({ environment, explanation }) => [`approval:${environment}`, JSON.stringify(explanation)]),
    ...environments.map(({ environment, state }) => [`environment:${environment}`, state]),
  ]);
}

function usePalette(change: Change, begin: (act: string) => void): void {
  useEffect(() => {
    const acts = change.acts.filter(({ act }) => permitOf(change, act).allowed);
    return offerActs(
      acts.map(({ act }) => ({ id: act, title: `${titleOf(act)} · ${change.number}`, run: () => begin(act) })),
    );
  }, [change]);
}
