import { Stack } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import { permitOf } from "../../data/permit.ts";
import type { Environment } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import { HoldDeployments } from "../../shell/held.tsx";
import { ActButton } from "../../ui/act-button.tsx";
import { Ago } from "../../ui/ago.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Link } from "../../ui/link.tsx";
import { Blank, ProblemNotice } from "../../ui/notices.tsx";
import { Answer, LoadingSections, Page, Section } from "../../ui/page.tsx";
import { ReasonField } from "../../ui/reason-field.tsx";
import { StateBadge } from "../../ui/state.tsx";
import { ConfigurationInForce, lockWords } from "./configuration.tsx";
import { DriftFound } from "./drift.tsx";
import "./environments.css";

/** What is deployed where? */
export default function EnvironmentsPage() {
  const environments = useAsk("environments.list");
  const items = environments.data?.items ?? [];
  return (
    <Page
      title="Environments"
      action={<HoldDeployments />}
      answer={environments.data && items.length > 0 && <p style={{ margin: 0 }}>{inShort(items)}</p>}
    >
      <Answer query={environments} loading={<LoadingSections sections={3} height={170} />}>
        {() =>
          items.length === 0 ? (
            <Blank title="No configuration is in force yet">
              An administrator imports change-mgmt.yaml, which names the environments:{" "}
              <span className="mono">change-mgmt config import</span>
            </Blank>
          ) : (
            <>
              <ol className="promotion">
                {items.map((environment, at) => (
                  <li key={environment.name}>
                    {at > 0 && <IconArrowDown size={22} role="img" aria-label="then" className="promotion-arrow" />}
                    <One environment={environment} />
                  </li>
                ))}
              </ol>
              <ConfigurationInForce />
            </>
          )
        }
      </Answer>
    </Page>
  );
}

function inShort(items: readonly Environment[]): string {
  const busy = items.filter(({ running }) => running !== null).map(({ name }) => name);
  const broken = items.filter(({ changes }) => changes.some(({ state }) => state === "failed")).map(({ name }) => name);
  return [
    `Changes go through ${items.map(({ name }) => name).join(", then ")}.`,
    busy.length > 0 && `${busy.join(" and ")} has a deployment under way.`,
    broken.length > 0 && `In ${broken.join(" and ")} a deployment failed and was not put right.`,
  ]
    .filter(Boolean)
    .join(" ");
}

function One({ environment }: { readonly environment: Environment }) {
  const { name, database, schemaHash, snapshotAt, running, changes } = environment;
  return (
    <Section
      title={name}
      aside={
        running === null ? (
          <StateBadge state="waiting" words="free" kind="good" />
        ) : (
          <Link href={paths.deployment(running)}>
            <StateBadge state="running" words="being deployed to" />
          </Link>
        )
      }
    >
      <div className="environment">
        <dl className="data environment-facts">
          <dt>Database</dt>
          <dd className="mono">{database}</dd>
          <dt>Locks</dt>
          <dd>{lockWords(environment)}</dd>
          <dt>Known schema</dt>
          <dd>
            {schemaHash === null || snapshotAt === null ? (
              <span className="quiet">never looked at; the first deployment takes it as it finds it</span>
            ) : (
              <>
                <span className="mono">{schemaHash.slice(0, 16)}</span>, seen <Ago at={snapshotAt} />
              </>
            )}
          </dd>
        </dl>
        <LookForDrift environment={environment} />
      </div>
      {changes.length === 0 ? (
        <p className="quiet data" style={{ margin: "10px 0 0" }}>
          No change is deployed here.
        </p>
      ) : (
        <ul className="deployed" aria-label={`Changes in ${name}`}>
          {changes.map(({ number, title, state, at, deployment }) => (
            <li key={number}>
              <StateBadge state={state} />{" "}
              <span className="deployed-title">
                <Link href={paths.change(number)}>{number}</Link> {title}
              </span>
              <span className="quiet data">
                <Ago at={at} still />
                {deployment && (
                  <>
                    {" · "}
                    <Link href={paths.deployment(deployment)} aria-label={`Deployment of ${number} to ${name}`}>
                      deployment
                    </Link>
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** Looks at the schema as it is when somebody asks for it, and lets it be taken over as it was seen. */
function LookForDrift({ environment }: { readonly environment: Environment }) {
  const { name, busy } = environment;
  const { data: me } = useAsk("me");
  const look = useAct("environments.drift");
  const permitted = permitOf(me, "config.read");
  const permit = permitted.allowed && busy !== null ? { allowed: false, ...busy } : permitted;
  return (
    <Stack gap={4} align="flex-start">
      <ActButton
        permit={permit}
        variant="default"
        size="compact-md"
        loading={look.pending}
        onClick={() => void look.run({ params: { name } })}
        aria-label={`Look for drift in ${name}`}
      >
        Look for drift
      </ActButton>
      {look.problem && <ProblemNotice problem={look.problem} />}
      {look.answer && <DriftFound drift={look.answer} />}
      <Baseline environment={environment} seen={look.answer?.foundHash} />
    </Stack>
  );
}

/** Takes the schema as it is for the known one, once somebody has looked at what is different and says why it is right. */
function Baseline(props: { readonly environment: Environment; readonly seen: string | undefined }) {
  const { name, busy } = props.environment;
  const { data: me } = useAsk("me");
  const baseline = useAct("environments.baseline");
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState("");
  const permitted = permitOf(me, "environment.baseline");
  const permit = permitted.allowed && busy !== null ? { allowed: false, ...busy } : permitted;
  return (
    <Stack gap={4} align="flex-start">
      <ActButton
        permit={permit}
        variant="default"
        size="compact-md"
        onClick={() => setOpened(true)}
        aria-label={`Take a baseline of ${name}`}
      >
        Take a baseline…
      </ActButton>
      {baseline.answer && (
        <span className="data" role="status">
          Taken: {baseline.answer.objects} objects,{" "}
          <span className="mono">{baseline.answer.schemaHash.slice(0, 16)}</span>
        </span>
      )}
      <Confirm
        opened={opened}
        onClose={() => {
          setOpened(false);
          if (baseline.problem) baseline.reset();
        }}
        title={`Take a baseline of ${name}`}
        does={
          <>
            The schema of <strong>{name}</strong> as it is at this moment counts as the known one. Whatever somebody
            changed there by hand is no drift any more; deployments go on from it. Nothing in the database is changed.
          </>
        }
        undo="put the database back by hand and take another baseline; the trail keeps both."
        verb="Take the baseline"
        blocked={reason.trim() === ""}
        pending={baseline.pending}
        problem={baseline.problem}
        onConfirm={async () => {
          const said = reason.trim();
          const body = props.seen === undefined ? { reason: said } : { reason: said, schemaHash: props.seen };
          const taken = await baseline.run({ params: { name }, body });
          if (taken) setReason("");
          return taken !== undefined;
        }}
      >
        <ReasonField
          value={reason}
          onChange={setReason}
          description="What was different, and why it is right as it is. Kept in the audit trail."
        />
      </Confirm>
    </Stack>
  );
}
