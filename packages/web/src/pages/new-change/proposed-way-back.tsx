import { Button } from "@mantine/core";
import { Mark } from "../../ui/state.tsx";
import { rollbackVerdict } from "../change/rehearsal-report.ts";
import type { TriedMigration } from "./tries.ts";

type Proposal = NonNullable<TriedMigration["proposal"]>;

/** The way back that could be written, with what rehearsing it showed and what it does not bring back; one button takes it over. */
export function ProposedWayBack(props: {
  readonly proposal: Proposal | null;
  /** Whether one stands there already, which is then replaced. */
  readonly replaces: boolean;
  readonly onTake: (down: string, transactional: boolean) => void;
}) {
  const { proposal, replaces, onTake } = props;
  if (proposal === null) return null;
  const { sql, transactional, obstacles, rehearsal } = proposal;
  const restores = rehearsal?.outcome === "exact" || rehearsal?.outcome === "column-order";
  return (
    <section className="proposed-way-back data" aria-label="Proposed way back">
      <h3>Proposed way back</h3>
      {sql === null ? (
        <>
          <p>
            <Mark kind="attention" words="attention" /> None can be proposed:
          </p>
          <ul>
            {obstacles.map(({ kind, object, reason }) => (
              <li key={`${kind} ${object}`}>
                <span className="mono">{object}</span>: {reason}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <>
          <Verdict proposal={proposal} />
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section tabIndex={0} aria-label="SQL of the proposed way back">
            <pre className="mono">{sql.trimEnd()}</pre>
          </section>
          {!transactional && (
            <p>It cannot run in one transaction; the mark &ldquo;In one transaction&rdquo; is taken away with it.</p>
          )}
          <Button variant="default" size="compact-sm" onClick={() => onTake(sql.trimEnd(), transactional)}>
            {restores ? (replaces ? "Put it in place of the way back" : "Put it into the way back") : "Begin with it"}
          </Button>
        </>
      )}
    </section>
  );
}

function Verdict({ proposal: { losses, rehearsal } }: { readonly proposal: Proposal }) {
  const { outcome, data, reason, dataReason, differences } = rehearsal ?? NOT_RUN;
  const [verdict, kind] = rollbackVerdict(outcome);
  const lossy = losses.length > 0 || data === "differs";
  return (
    <>
      <p>
        <Mark kind={kind} words={kind} /> Rehearsed: {verdict}. {reason}
      </p>
      {differences.length > 0 && (
        <ul>
          {differences.map(({ object, detail }) => (
            <li key={object + detail}>
              <span className="mono">{object}</span>: {detail}
            </li>
          ))}
        </ul>
      )}
      {lossy && (
        <>
          <p>
            <Mark kind="attention" words="attention" /> It is lossy:
          </p>
          <ul>
            {losses.map((loss) => (
              <li key={loss}>{loss}</li>
            ))}
            {data === "differs" && <li>{dataReason}</li>}
          </ul>
        </>
      )}
      {data === "not-checked" && <p>Whether rows come back was not checked: {dataReason}.</p>}
    </>
  );
}

const NOT_RUN = {
  outcome: "not-rehearsable",
  data: "not-checked",
  reason: null,
  dataReason: "it did not run",
  differences: [],
} as const;
