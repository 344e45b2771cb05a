import { Stack, Textarea } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { useState } from "react";
import { useAct, useAsk } from "../data/ask.ts";
import { permitOf } from "../data/permit.ts";
import { paths } from "../paths.ts";
import { ActButton } from "../ui/act-button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Link } from "../ui/link.tsx";
import { Told } from "../ui/moment.tsx";
import { ReasonField } from "../ui/reason-field.tsx";
import "./held.css";

/** On every page while deployments are held: by whom, why, what is unfinished, and the way to release them. */
export function Held() {
  const { data } = useAsk("hold.get");
  const { data: me } = useAsk("me");
  const release = useAct("hold.release");
  const [opened, setOpened] = useState(false);
  const [note, setNote] = useState("");
  if (data === undefined || data.hold === null) return null;
  const { hold, unfinished } = data;
  return (
    <section className="held notice state-waiting" aria-label="Deployments are held">
      <IconHandStop size={20} aria-hidden style={{ flex: "none", marginTop: 2 }} />
      <div className="held-words">
        <strong>
          <Told text={`Deployments are held by ${hold.by} since ${hold.since}.`} />
        </strong>
        <p>
          <Told text={hold.reason} />
        </p>
        {unfinished.length > 0 && (
          <p>
            Unfinished:{" "}
            {unfinished.map(({ deployment, change, environment }, at) => (
              <span key={deployment}>
                {at > 0 && ", "}
                <Link href={paths.deployment(deployment)}>
                  {change} to {environment}
                </Link>
              </span>
            ))}
          </p>
        )}
      </div>
      <ActButton
        permit={permitOf(me, "deployment.hold")}
        variant="default"
        size="compact-md"
        onClick={() => setOpened(true)}
      >
        Release…
      </ActButton>
      <Confirm
        opened={opened}
        onClose={() => {
          setOpened(false);
          if (release.problem) release.reset();
        }}
        title="Release deployments"
        does={
          unfinished.length === 0
            ? "Deployments may begin again everywhere. None is unfinished."
            : `Each of the ${unfinished.length} unfinished goes on at once from where this store says it stands. See on its target how far it is, and stop it before if it must not go on.`
        }
        undo="hold them again, on the page of the environments; what has begun goes on to its end."
        verb="Release"
        pending={release.pending}
        problem={release.problem}
        onConfirm={async () => {
          const done = await release.run({ body: note.trim() === "" ? {} : { note: note.trim() } });
          if (done) setNote("");
          return done !== undefined;
        }}
      >
        <Textarea
          label="Note"
          description="What was looked at. Kept in the audit trail."
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          autosize
          minRows={2}
          data-autofocus
        />
      </Confirm>
    </section>
  );
}

/** Keeps every deployment from beginning, for a reason that everybody sees. */
export function HoldDeployments() {
  const { data } = useAsk("hold.get");
  const { data: me } = useAsk("me");
  const hold = useAct("hold.set");
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState("");
  if (data === undefined || data.hold !== null) return null;
  return (
    <Stack gap={4} align="flex-start">
      <ActButton permit={permitOf(me, "deployment.hold")} variant="default" onClick={() => setOpened(true)}>
        Hold deployments…
      </ActButton>
      <Confirm
        opened={opened}
        onClose={() => {
          setOpened(false);
          if (hold.problem) hold.reset();
        }}
        title="Hold deployments"
        does="No deployment and no rollback begins in any environment, and none is taken up by a worker, until somebody releases them. What a worker has in hand goes on to its end; stop it on its own page."
        undo="release them, on any page."
        verb="Hold"
        blocked={reason.trim() === ""}
        pending={hold.pending}
        problem={hold.problem}
        onConfirm={async () => {
          const done = await hold.run({ body: { reason: reason.trim() } });
          if (done) setReason("");
          return done !== undefined;
        }}
      >
        <ReasonField
          value={reason}
          onChange={setReason}
          description="Shown to everybody on every page, and kept in the audit trail."
        />
      </Confirm>
    </Stack>
  );
}
