import { Group, Stack } from "@mantine/core";
import { useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import { permitOf } from "../../data/permit.ts";
import { ActButton, type Permit } from "../../ui/act-button.tsx";
import { useNow } from "../../ui/ago.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Told } from "../../ui/moment.tsx";
import { Blank, ProblemNotice } from "../../ui/notices.tsx";
import { Actions, Section } from "../../ui/page.tsx";
import { ReasonField } from "../../ui/reason-field.tsx";
import { StateBadge } from "../../ui/state.tsx";
import type { Board, Meeting } from "./boards.tsx";
import { OpenMeeting } from "./open-meeting.tsx";
import { isHeard } from "./seats.ts";

/** The meeting that is open, those that are convened, and how the board is convened. */
export function MeetingNow({ board, meetings }: { readonly board: Board; readonly meetings: readonly Meeting[] }) {
  const me = useAsk("me").data;
  const delegations = useAsk("delegations.list").data?.items ?? [];
  const now = useNow();
  const allowed = permitOf(me, "board.meet");
  const heard = me !== undefined && isHeard(board, me.handle, delegations, now);
  const member: Permit =
    allowed.allowed && !heard ? { allowed: false, reason: "You have no seat on this board." } : allowed;
  const open = meetings.find(({ state }) => state === "open");
  const convened = meetings.filter(({ state }) => state === "convened").sort((a, b) => a.from.localeCompare(b.from));
  return (
    <Section title="Meeting" aside={open && <StateBadge state="running" words="open" kind="running" />}>
      <Stack gap="md">
        {open && me && <OpenMeeting key={open.id} meeting={open} me={me.handle} member={member} allowed={allowed} />}
        {!open && convened.length === 0 && (
          <Blank title="No meeting is convened">
            The board can vote without one. In a meeting each vote says so, and its minutes are kept.
          </Blank>
        )}
        {convened.map((meeting) => (
          <Convened key={meeting.id} meeting={meeting} member={member} me={me?.handle} allowed={allowed} />
        ))}
        <Convene board={board} member={member} allowed={allowed} />
      </Stack>
    </Section>
  );
}

function Convened(props: {
  readonly meeting: Meeting;
  readonly member: Permit;
  readonly allowed: Permit;
  readonly me: string | undefined;
}) {
  const { meeting, member, allowed, me } = props;
  const opening = useAct("meetings.open");
  const off = useAct("meetings.callOff");
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const may = meeting.leads.includes(me ?? "") || meeting.convenedBy === me;
  const params = { id: meeting.id };
  return (
    <div>
      <p className="data flat">
        Convened for <Told text={meeting.from} /> by {meeting.convenedBy}
        {meeting.urgent && `, in an emergency: ${meeting.reason ?? ""}`}
      </p>
      <Group gap={8} mt={6}>
        <ActButton permit={member} size="xs" loading={opening.pending} onClick={() => opening.run({ params })}>
          Open the meeting
        </ActButton>
        <ActButton
          permit={
            allowed.allowed && !may
              ? { allowed: false, reason: "Whoever convened it calls it off, or its chair." }
              : allowed
          }
          size="xs"
          variant="default"
          onClick={() => setAsking(true)}
        >
          Call it off
        </ActButton>
      </Group>
      {opening.problem && <ProblemNotice problem={opening.problem} close={opening.reset} />}
      <Confirm
        opened={asking}
        onClose={() => {
          off.reset();
          setAsking(false);
        }}
        title="Call the meeting off"
        does="The meeting is not held. Those who have a seat are told, with your reason."
        undo="convene the board for that time again."
        verb="Call it off"
        blocked={reason.trim() === ""}
        pending={off.pending}
        problem={off.problem}
        onConfirm={async () => (await off.run({ params, body: { reason: reason.trim() } })) !== undefined}
      >
        <ReasonField value={reason} onChange={setReason} />
      </Confirm>
    </div>
  );
}

function Convene({
  board,
  member,
  allowed,
}: {
  readonly board: Board;
  readonly member: Permit;
  readonly allowed: Permit;
}) {
  const convene = useAct("meetings.convene");
  const urgently = useAct("meetings.convene");
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const params = { name: board.process, board: board.id };
  return (
    <div>
      <Actions>
        {board.meets !== null && (
          <ActButton
            permit={member}
            size="xs"
            variant="default"
            loading={convene.pending}
            onClick={() => convene.run({ params, body: {} })}
          >
            Convene the next meeting
          </ActButton>
        )}
        {board.convenesWithin !== null && (
          <ActButton permit={allowed} size="xs" variant="default" onClick={() => setAsking(true)}>
            Convene in an emergency
          </ActButton>
        )}
      </Actions>
      {convene.problem && <ProblemNotice problem={convene.problem} close={convene.reset} />}
      <Confirm
        opened={asking}
        onClose={() => {
          urgently.reset();
          setAsking(false);
        }}
        title={`Convene in an emergency: ${board.title}`}
        does={`The board is convened for now; its process gives it ${board.convenesWithin}. Those who have a seat are told, with your reason.`}
        undo="call the meeting off before it is opened."
        verb="Convene it"
        blocked={reason.trim() === ""}
        pending={urgently.pending}
        problem={urgently.problem}
        onConfirm={async () => {
          const made = await urgently.run({ params, body: { urgent: true, reason: reason.trim() } });
          if (made) setReason("");
          return made !== undefined;
        }}
      >
        <ReasonField
          value={reason}
          onChange={setReason}
          description="Read by those who have a seat; kept in the audit trail."
        />
      </Confirm>
    </div>
  );
}
