import { Button, Group, Modal, Select, Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import type { Change, Explanation } from "../../data/types.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { Explain } from "../../ui/explain.tsx";
import { Handle } from "../../ui/handle.tsx";
import { Told } from "../../ui/moment.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { Actions, Section } from "../../ui/page.tsx";
import { Mark } from "../../ui/state.tsx";
import { permitOf } from "./acts.ts";
import { type SecondThought, SecondThoughts } from "./second-thoughts.tsx";

export type Decision = "approve" | "reject" | "abstain";

/** Where the approvals stand, by environment, and the way to give one. */
export function Approvals({
  change,
  vote,
  reconsider,
}: {
  readonly change: Change;
  readonly vote: (decision: Decision) => void;
  readonly reconsider: (act: SecondThought) => void;
}) {
  const permit = permitOf(change, "vote");
  const groups = groupsOf(change);
  return (
    <Section title="Approvals" id="approvals">
      {groups.length === 0 && (
        <p className="quiet flat">What approvals are needed is decided when the change is submitted.</p>
      )}
      {groups.map(({ environments, met, explanation }) => (
        <details
          key={environments.join()}
          open={!met || groups.length === 1}
          className="approval"
          data-flash={`approval:${environments[0]}`}
        >
          <summary className="fold flush">
            <Mark kind={met ? "good" : "waiting"} words={met ? "met" : "open"} />{" "}
            <strong>{environments.join(", ")}</strong>{" "}
            <span className="quiet">{explanation.reason || (met ? "approved" : "waiting")}</span>
          </summary>
          <Explain explanation={explanation} />
        </details>
      ))}
      {change.deadlines.map(({ requirement, title, dueAt, overdue, escalateTo }) => (
        <p key={requirement} className="data flat">
          <Mark kind={overdue ? "stopped" : "attention"} words={overdue ? "overdue" : "due"} /> {title}:{" "}
          {overdue ? "was due by " : "due by "}
          <Told text={dueAt} />
          {overdue && escalateTo && <span className="quiet">; {escalateTo} was told</span>}
        </p>
      ))}
      {groups.length > 0 && (
        <div style={{ marginTop: 10 }}>
          <Actions>
            <ActButton permit={permit} size="xs" onClick={() => vote("approve")}>
              Approve
            </ActButton>
            <ActButton permit={permit} size="xs" variant="default" onClick={() => vote("reject")}>
              Reject
            </ActButton>
            <ActButton permit={permit} size="xs" variant="default" onClick={() => vote("abstain")}>
              Abstain
            </ActButton>
          </Actions>
          {!permit.allowed && <p className="act-reason">{[permit.reason, permit.hint].filter(Boolean).join(" ")}</p>}
        </div>
      )}
      {change.recusals.map(({ person, reason }) => (
        <p key={person} className="quiet data">
          <Handle of={person} /> keeps out of it for a conflict of interest: {reason}
        </p>
      ))}
      <SecondThoughts change={change} reconsider={reconsider} />
    </Section>
  );
}

interface ApprovalGroup {
  readonly environments: readonly string[];
  readonly met: boolean;
  readonly explanation: Explanation;
}

/** Environments that ask for the same stand together. */
function groupsOf({ approvals }: Change): readonly ApprovalGroup[] {
  const groups = new Map<string, ApprovalGroup>();
  for (const { environment, met, explanation } of approvals) {
    const key = JSON.stringify([met, explanation.reason, explanation.children]);
    const before = groups.get(key)?.environments ?? [];
    const environments = [...before, environment];
    groups.set(key, { environments, met, explanation });
  }
  return [...groups.values()];
}

const WORDS = {
  approve: {
    verb: "Approve",
    does: "Your approval counts for the content as it is now; an edit of it voids the vote.",
  },
  reject: { verb: "Reject", does: "One rejection stops the change. It can be taken back to work and asked again." },
  abstain: { verb: "Abstain", does: "You are heard without being for or against." },
} as const;

/** The form of a vote. The vote carries the hash of what is shown on the page, so that it cannot count for anything else. */
export function VoteDialog(props: {
  readonly change: Change;
  readonly decision: Decision | null;
  readonly close: () => void;
  /** The open meeting it is cast in. */
  readonly meeting?: string;
}) {
  const { change, decision } = props;
  const vote = useAct("changes.vote");
  const [comment, setComment] = useState("");
  const [requirement, setRequirement] = useState<string | null>(null);
  const choices =
    vote.problem?.code === "CHOOSE_REQUIREMENT" || requirement ? choicesOf(change, vote.problem?.details) : [];
  const me = useAsk("me").data?.handle;
  const [given, setGiven] = useState<string | null>(null);
  const giver = given ?? change.mayVoteFor[0];
  const close = () => {
    setGiven(null);
    vote.reset();
    setRequirement(null);
    props.close();
  };
  const words = WORDS[decision ?? "approve"];
  return (
    <Modal opened={decision !== null} onClose={close} title={<strong>{`${words.verb} ${change.number}`}</strong>}>
      <form
        onSubmit={async (event) => {
          event.preventDefault();
          const text = comment.trim();
          const answer = await vote.run({
            params: { id: change.number },
            body: {
              decision: decision ?? "abstain",
              contentHash: change.contentHash,
              ...(text ? { comment: text } : {}),
              ...(requirement ? { requirement } : {}),
              ...(giver && giver !== me ? { for: giver } : {}),
              ...(props.meeting ? { meeting: props.meeting } : {}),
            },
          });
          if (!answer) return;
          setComment("");
          close();
        }}
      >
        <Stack gap="sm">
          <div>
            <strong>{change.title}</strong>
            <p className="quiet data flat">{words.does}</p>
          </div>
          {change.mayVoteFor.some((handle) => handle !== me) && giver && (
            <Select
              label="Whose vote it is"
              data={change.mayVoteFor.map((handle) => ({
                value: handle,
                label: handle === me ? "My own" : `${handle}, for whom I stand in`,
              }))}
              value={giver}
              onChange={setGiven}
              allowDeselect={false}
            />
          )}
          <Textarea
            label={decision === "reject" ? "Why" : "Comment (optional)"}
            autosize
            minRows={2}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
          {choices.length > 0 && (
            <Select
              label="What your vote counts for"
              data={[...choices]}
              value={requirement}
              onChange={setRequirement}
              allowDeselect={false}
            />
          )}
          {vote.problem && <ProblemNotice problem={vote.problem} />}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={vote.pending} data-autofocus={decision !== "reject" || undefined}>
              {words.verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The requirements that the server said a vote could count for, with their titles from the explanation. */
function choicesOf(change: Change, details: Readonly<Record<string, unknown>> | undefined) {
  const titles = new Map(
    change.approvals.flatMap(({ explanation }) => explanation.children.map(({ id, title }) => [id, title])),
  );
  const named = Array.isArray(details?.requirements) ? details.requirements.map(String) : [...titles.keys()];
  return named.map((value) => ({ value, label: titles.get(value) ?? value }));
}
