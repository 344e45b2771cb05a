import type { CallOutput } from "@change-mgmt/api/client.ts";
import { useState } from "react";
import { useAsk } from "../../data/ask.ts";
import { paths } from "../../paths.ts";
import { ActButton, type Permit } from "../../ui/act-button.tsx";
import { Handle } from "../../ui/handle.tsx";
import { Link } from "../../ui/link.tsx";
import { Told } from "../../ui/moment.tsx";
import { Actions, Answer, LoadingLines } from "../../ui/page.tsx";
import { Mark, StateBadge } from "../../ui/state.tsx";
import { permitOf } from "../change/acts.ts";
import { type Decision, VoteDialog } from "../change/approvals.tsx";
import { Verdicts } from "../change/rehearsal.tsx";
import { reportOf } from "../change/rehearsal-report.ts";
import type { Meeting } from "./boards.tsx";

type Item = CallOutput<"boards.agenda">["items"][number];

const VERBS = { approve: "Approve", reject: "Reject", abstain: "Abstain" } as const;

/** One change that waits for a board: what is asked, its evidence, the votes so far, and the way to vote, in the meeting where one is open. */
export function AgendaItem(props: {
  readonly item: Item;
  readonly meeting: Meeting | undefined;
  readonly unfolded: boolean;
}) {
  const { item, meeting } = props;
  const { change, asked, votes, recusals } = item;
  const [shown, setShown] = useState(props.unfolded);
  const [decision, setDecision] = useState<Decision | null>(null);
  const read = useAsk("changes.get", { params: { id: change.number } }, { when: shown });
  const me = useAsk("me").data?.handle;
  const isThere = meeting?.attendance.some(({ person, leftAt }) => person === me && leftAt === null) === true;
  const risk = change.facts.risk ?? change.facts.riskLevel;
  const permit: Permit = read.data ? permitOf(read.data, "vote") : { allowed: false, reason: "It is not read yet." };
  const title = `agenda-${change.number}`;
  return (
    <article className="agenda-item" aria-labelledby={title}>
      <h3 id={title}>
        <Link href={paths.change(change.number)}>
          {change.number} {change.title}
        </Link>
      </h3>
      <p className="quiet data flat">
        {change.type} · {change.breaking ? "breaking" : "not breaking"}
        {risk !== undefined && ` · risk ${String(risk)}`} · requested by <Handle of={change.requester} />
        {change.team && ` · team ${change.team}`}
      </p>
      {asked.map((one) => (
        <p key={one.requirement} className="data flat">
          <Mark kind="waiting" words="open" /> <strong>{one.title}</strong>
          {one.ratifies && ", to ratify"}, {one.decision}: {one.standing}
          {one.dueAt && (
            <>
              ; due by <Told text={one.dueAt} />
            </>
          )}
        </p>
      ))}
      {votes.length > 0 && (
        <ul className="tree data" aria-label={`Votes on ${change.number}`}>
          {votes.map((vote) => (
            <li key={`${vote.voter}${vote.for}${vote.decision}`}>
              <Mark kind={MARKS[vote.decision] ?? "waiting"} words={vote.decision} /> <Handle of={vote.voter} />
              {vote.for && ` for ${vote.for}`}: {vote.decision}
              {vote.comment && <span className="quiet"> {vote.comment}</span>}
            </li>
          ))}
        </ul>
      )}
      {recusals.map(({ person, reason }) => (
        <p key={person} className="quiet data flat">
          <Handle of={person} /> keeps out of it: {reason}
        </p>
      ))}
      <details open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
        <summary className="fold flush">Evidence and vote on {change.number}</summary>
        {shown && <Evidence item={item} />}
        {shown && (
          <Actions>
            {(["approve", "reject", "abstain"] as const).map((one) => (
              <ActButton
                key={one}
                permit={permit}
                size="xs"
                variant={one === "approve" ? "filled" : "default"}
                onClick={() => setDecision(one)}
                aria-label={`${VERBS[one]} ${change.number}`}
              >
                {VERBS[one]}
              </ActButton>
            ))}
          </Actions>
        )}
        {shown && !permit.allowed && (
          <p className="act-reason">{[permit.reason, permit.hint].filter(Boolean).join(" ")}</p>
        )}
        {shown && meeting && (
          <p className="quiet data flat">
            {isThere
              ? "Your vote is cast in the meeting."
              : "You are not written down as being at the meeting: your vote is cast outside it."}
          </p>
        )}
      </details>
      {read.data && (
        <VoteDialog
          // The vote counts for what stands here, also when the change was read again meanwhile.
          change={{ ...read.data, contentHash: change.contentHash }}
          decision={decision}
          close={() => setDecision(null)}
          {...(meeting && isThere ? { meeting: meeting.id } : {})}
        />
      )}
    </article>
  );
}

const MARKS: Readonly<Record<string, "good" | "stopped" | "waiting">> = { approve: "good", reject: "stopped" };
const RESULTS: Readonly<Record<string, "good" | "stopped" | "attention">> = {
  passed: "good",
  failed: "stopped",
  inconclusive: "attention",
};

function Evidence({ item }: { readonly item: Item }) {
  const { change, validation, checks, impact } = item;
  const read = useAsk("changes.validation", { params: { id: change.number } });
  return (
    <div className="agenda-evidence">
      {change.description && <p className="flat">{change.description}</p>}
      {impact && (
        <p className="flat">
          <strong>Impact:</strong> {impact}
        </p>
      )}
      <p className="flat data">
        <StateBadge state={validation} /> validation
      </p>
      <ul className="tree data">
        {checks
          .filter(({ result }) => result in RESULTS)
          .map(({ title, result, message }) => (
            <li key={title}>
              <Mark kind={RESULTS[result]!} words={result} /> {title}
              {message && <span className="quiet">: {message}</span>}
            </li>
          ))}
      </ul>
      <Answer query={read} loading={<LoadingLines lines={2} />}>
        {({ rehearsals }) =>
          rehearsals.map((rehearsal) => (
            <div key={rehearsal.artifact}>
              <p className="flat data">
                <StateBadge state={rehearsal.outcome} /> rehearsal of {reportOf(rehearsal).name ?? rehearsal.artifact}
              </p>
              <Verdicts report={reportOf(rehearsal)} />
            </div>
          ))
        }
      </Answer>
    </div>
  );
}
