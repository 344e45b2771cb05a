import { Handle } from "../../ui/handle.tsx";
import { Told } from "../../ui/moment.tsx";
import { Section } from "../../ui/page.tsx";
import { Mark } from "../../ui/state.tsx";
import type { Meeting } from "./boards.tsx";

/** Meetings that are over, the latest first, each with what it came to. */
export function Minutes({ meetings }: { readonly meetings: readonly Meeting[] }) {
  if (meetings.length === 0) return null;
  return (
    <Section title="Minutes">
      {meetings.map((meeting) => (
        <details key={meeting.id}>
          <summary className="fold flush">
            <Told text={meeting.from} /> {meeting.urgent && <span className="quiet">in an emergency </span>}
            <span className="quiet">
              {meeting.state === "called-off"
                ? "called off"
                : `${meeting.decisions.filter(({ outcome }) => outcome !== "open").length} decided, ${meeting.attendance.length} there`}
            </span>
          </summary>
          {meeting.reason && <p className="data flat">{meeting.reason}</p>}
          {meeting.state === "closed" && (
            <p className="data flat">
              There: {meeting.attendance.map(({ person, seat }) => (seat ? person : `${person} (no seat)`)).join(", ")}.
              Closed by {meeting.endedBy}.
            </p>
          )}
          <Decisions meeting={meeting} />
          {meeting.notes && <p className="meeting-notes">{meeting.notes}</p>}
        </details>
      ))}
    </Section>
  );
}

const MARKS = { approved: "good", rejected: "stopped", open: "waiting" } as const;

/** What a meeting has come to about each approval that was voted on in it. */
export function Decisions({ meeting }: { readonly meeting: Meeting }) {
  return (
    <ul className="tree data">
      {meeting.decisions.map(({ change, requirement, title, outcome, standing, votes }) => (
        <li key={`${change.number}${requirement}`}>
          <Mark kind={MARKS[outcome]} words={outcome} /> <strong>{change.number}</strong> {change.title}: {title},{" "}
          {outcome}
          <div className="quiet">{standing}</div>
          <ul>
            {votes.map((vote) => (
              <li key={`${vote.voter}${vote.for}${vote.decision}${vote.withdrawn}`}>
                <Handle of={vote.voter} />
                {vote.for && ` for ${vote.for}`}: {vote.decision}
                {vote.withdrawn && ", withdrawn"}
                {vote.comment && <span className="quiet"> {vote.comment}</span>}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
