import { ProblemNotice } from "../../ui/notices.tsx";
import { StateBadge } from "../../ui/state.tsx";
import { SchemaChange, Statements, Verdicts } from "../change/rehearsal.tsx";
import type { RehearsalReport } from "../change/rehearsal-report.ts";
import type { TriedMigration, Tries } from "./tries.ts";
import "../change/change.css";

/** Rows beyond these are for the page of the change, which has the room. */
const MOST_ROWS = 60;

/** What a disposable database says to the migration as it stands now; what it said before stays until the newer answer is here. */
export function RehearsalBeside(props: { readonly id: string; readonly tries: Tries; readonly onTry: () => void }) {
  const { id, tries, onTry } = props;
  const tried = tries.rehearsed?.migrations.find((migration) => migration.id === id);
  const badge = badgeOf(tries, tried);
  return (
    <section className="tried-beside" aria-label={`Rehearsal of ${id}`} aria-busy={tries.state === "running"}>
      <div className="section-head">
        <h3>Rehearsal</h3>
        <span role="status">
          <StateBadge {...badge} />
        </span>
      </div>
      {tries.state === "nothing" && (
        <p className="quiet data section-body">
          Write SQL, and what it does is tried on a disposable database: locks, rewrites, what it breaks, and whether
          the way back brings back what was. Nothing of it is kept.
        </p>
      )}
      {tries.problem && (
        <div className="section-body">
          <ProblemNotice problem={tries.problem} again={onTry} />
        </div>
      )}
      {tried && <Answered tried={tried} baseKnown={tries.rehearsed!.baseKnown} />}
      {!tried && (tries.state === "typing" || tries.state === "running") && (
        <p className="quiet data section-body">The first answer takes a few seconds: a database is started for it.</p>
      )}
    </section>
  );
}

function badgeOf(tries: Tries, tried: TriedMigration | undefined) {
  if (tries.state === "nothing") return { state: "waiting", words: "nothing to try yet", kind: "waiting" } as const;
  if (tries.state === "refused") return { state: "refused", words: "not tried", kind: "attention" } as const;
  if (tries.state === "running") return { state: "running", words: "running" } as const;
  if (tries.state === "typing" || !tried) return { state: "waiting", words: "waits for you", kind: "waiting" } as const;
  if (tried.outcome === "unreadable")
    return { state: "stopped", words: "to be mended first", kind: "stopped" } as const;
  return { state: tried.outcome };
}

function Answered({ tried, baseKnown }: { readonly tried: TriedMigration; readonly baseKnown: boolean }) {
  const report = (tried.report ?? undefined) as RehearsalReport | undefined;
  if (!report) return <p className="data section-body">{tried.message}</p>;
  const [up, down] = [report.statements ?? [], report.downStatements ?? []];
  return (
    <>
      <div className="section-body">
        {tried.outcome !== "passed" && <p className="data">{tried.message}</p>}
        <Verdicts report={report} />
        {!baseKnown && tried.outcome === "passed" && (
          <p className="quiet data">It ran on an empty database: no history was imported to start on.</p>
        )}
      </div>
      <Statements title="Statements" statements={up.slice(0, MOST_ROWS)} />
      {down.length > 0 && (
        <details>
          <summary className="fold">Statements of the way back</summary>
          <Statements title="Statements of the way back" statements={down.slice(0, MOST_ROWS)} />
        </details>
      )}
      {Math.max(up.length, down.length) > MOST_ROWS && (
        <p className="quiet data section-body">The first {MOST_ROWS} statements are shown here.</p>
      )}
      <SchemaChange changes={(report.schemaChange ?? []).slice(0, MOST_ROWS)} />
    </>
  );
}
