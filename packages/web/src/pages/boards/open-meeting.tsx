import { Button, Group, Select, Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import { useAct, useAskPages } from "../../data/ask.ts";
import { ActButton, type Permit } from "../../ui/act-button.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Handle } from "../../ui/handle.tsx";
import { Told } from "../../ui/moment.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { Actions } from "../../ui/page.tsx";
import { Mark } from "../../ui/state.tsx";
import type { Meeting } from "./boards.tsx";
import { Decisions } from "./minutes.tsx";

/** A meeting while it is open: who is there, what was decided in it so far, its notes, and the way to close it. */
export function OpenMeeting(props: {
  readonly meeting: Meeting;
  readonly me: string;
  /** Whether the person has a seat, or stands in for somebody who does. */
  readonly member: Permit;
  readonly allowed: Permit;
}) {
  const { meeting, me, member, allowed } = props;
  const attend = useAct("meetings.attend");
  const params = { id: meeting.id };
  const there = meeting.attendance.filter(({ leftAt }) => leftAt === null);
  const absent = meeting.members.filter((handle) => !there.some(({ person }) => person === handle));
  const isThere = there.some(({ person }) => person === me);
  const { seats, needed, reached } = meeting.quorum;
  const leads = meeting.leads.includes(me);
  const leading: Permit =
    allowed.allowed && !leads
      ? { allowed: false, reason: `That is for whoever leads the meeting: ${meeting.leads.join(", ")}.` }
      : allowed;
  return (
    <Stack gap="sm">
      <p className="data flat">
        Opened <Told text={meeting.openedAt ?? meeting.from} /> by {meeting.openedBy}
        {meeting.urgent && `, in an emergency: ${meeting.reason ?? ""}`}
      </p>
      <div className="data">
        <Mark kind={reached ? "good" : "attention"} words={reached ? "met" : "not met"} /> {seats} of {needed} seats for
        a quorum are there.
      </div>
      <ul className="attendance data" aria-label="Who is there">
        {there.map(({ person, seat }) => (
          <li key={person}>
            <Handle of={person} />
            {!seat && <span className="quiet"> (no seat)</span>}
            {leads && person !== me && (
              <Button
                size="compact-xs"
                variant="subtle"
                onClick={() => attend.run({ params, body: { person, present: false } })}
                aria-label={`${person} has left`}
              >
                has left
              </Button>
            )}
          </li>
        ))}
      </ul>
      {absent.length > 0 && <p className="quiet data flat">Not there: {absent.join(", ")}</p>}
      <Actions>
        <ActButton
          permit={isThere ? allowed : member}
          size="xs"
          variant={isThere ? "default" : "filled"}
          loading={attend.pending}
          onClick={() => attend.run({ params, body: { present: !isThere } })}
        >
          {isThere ? "I leave" : "I am here"}
        </ActButton>
        {leads && (
          <SomebodyElse
            key={there.length}
            meeting={meeting}
            note={(person) => attend.run({ params, body: { person } })}
          />
        )}
      </Actions>
      {attend.problem && <ProblemNotice problem={attend.problem} close={attend.reset} />}
      {meeting.decisions.length > 0 && <Decisions meeting={meeting} />}
      <Notes meeting={meeting} leading={leading} />
      <Close meeting={meeting} leading={leading} />
    </Stack>
  );
}

function SomebodyElse({
  meeting,
  note,
}: {
  readonly meeting: Meeting;
  readonly note: (person: string) => Promise<unknown>;
}) {
  const people = useAskPages("users.list", { query: { limit: 200 } });
  const handles = people.items
    .filter(({ disabled }) => !disabled)
    .map(({ handle }) => handle)
    .filter((handle) => !meeting.attendance.some(({ person, leftAt }) => person === handle && leftAt === null));
  return (
    <Select
      aria-label="Somebody else is here"
      placeholder="Somebody else is here"
      size="xs"
      data={handles}
      value={null}
      searchable
      onChange={(person) => {
        if (person) note(person);
      }}
    />
  );
}

function Notes({ meeting, leading }: { readonly meeting: Meeting; readonly leading: Permit }) {
  const keep = useAct("meetings.note");
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? meeting.notes;
  if (!leading.allowed) {
    return meeting.notes === "" ? null : <p className="meeting-notes">{meeting.notes}</p>;
  }
  return (
    <div>
      <Textarea
        label="Notes"
        description={
          meeting.notedBy
            ? `Kept last by ${meeting.notedBy}.`
            : "Beside what the record says by itself: decisions and votes."
        }
        autosize
        minRows={3}
        value={text}
        onChange={(event) => setDraft(event.currentTarget.value)}
      />
      {keep.problem && <ProblemNotice problem={keep.problem} close={keep.reset} />}
      <Button
        mt={6}
        size="xs"
        variant="default"
        loading={keep.pending}
        disabled={draft === null || draft === meeting.notes}
        onClick={async () => {
          if (await keep.run({ params: { id: meeting.id }, body: { notes: text } })) setDraft(null);
        }}
      >
        Keep the notes
      </Button>
    </div>
  );
}

function Close({ meeting, leading }: { readonly meeting: Meeting; readonly leading: Permit }) {
  const close = useAct("meetings.close");
  const [asking, setAsking] = useState(false);
  return (
    <Group>
      <ActButton permit={leading} size="xs" explained onClick={() => setAsking(true)}>
        Close the meeting
      </ActButton>
      <Confirm
        opened={asking}
        onClose={() => {
          close.reset();
          setAsking(false);
        }}
        title="Close the meeting"
        does="Its minutes are what was decided until now, who was there and the notes that are kept."
        undo="nothing undoes it: minutes stay as they are. The board can convene again."
        verb="Close the meeting"
        pending={close.pending}
        problem={close.problem}
        onConfirm={async () => (await close.run({ params: { id: meeting.id } })) !== undefined}
      />
    </Group>
  );
}
