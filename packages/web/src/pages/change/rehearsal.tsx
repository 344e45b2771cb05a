import type { Validation } from "../../data/types.ts";
import { Ago } from "../../ui/ago.tsx";
import { Section } from "../../ui/page.tsx";
import { RuleLink, SeverityMark } from "../../ui/rule-link.tsx";
import { Mark, StateBadge } from "../../ui/state.tsx";
import {
  type JudgedFinding,
  KEEPS_READERS_AWAY,
  lockWords,
  type RehearsalReport,
  type RehearsedStatement,
  reportOf,
  rollbackVerdict,
} from "./rehearsal-report.ts";
import { SchemaPicture } from "./schema-picture.tsx";

/** What the database answered when the change was tried on a disposable copy of it. */
export function Rehearsals({ validation }: { readonly validation: Validation }) {
  if (validation.rehearsals.length === 0) return null;
  return (
    <>
      {validation.rehearsals.map((rehearsal) => {
        const report = reportOf(rehearsal);
        return (
          <Section
            key={rehearsal.artifact}
            title={`Rehearsal of ${report.name ?? rehearsal.artifact}`}
            padded={false}
            aside={
              <>
                <StateBadge state={rehearsal.outcome} />
                <span className="quiet data">
                  {report.engine?.postgres && `Postgres ${report.engine.postgres}, `}
                  <Ago at={rehearsal.at} />
                </span>
              </>
            }
          >
            <div className="section-body">
              <Verdicts report={report} />
            </div>
            <Findings title="Findings" findings={report.findings ?? []} />
            <Findings title="Findings in the rollback" findings={report.downFindings ?? []} />
            <Statements title="Statements" statements={report.statements ?? []} />
            {(report.downStatements ?? []).length > 0 && (
              <details>
                <summary className="fold">Statements of the rollback</summary>
                <Statements title="Statements of the rollback" statements={report.downStatements ?? []} />
              </details>
            )}
            <SchemaChange changes={report.schemaChange ?? []} />
          </Section>
        );
      })}
    </>
  );
}

/** What running it and taking it back came to. */
export function Verdicts({ report }: { readonly report: RehearsalReport }) {
  const up = report.rehearsal?.up;
  const down = report.rehearsal?.down;
  const [verdict, kind] = rollbackVerdict(down?.outcome ?? "not-rehearsable");
  const dataKind = down?.data === "equal" ? "good" : down?.data === "differs" ? "stopped" : "attention";
  return (
    <ul className="tree data">
      {up && (
        <li>
          <Mark kind={up.outcome === "ok" ? "good" : "stopped"} words={up.outcome} />{" "}
          {up.outcome === "ok"
            ? "It runs."
            : `It ${up.outcome}${up.line ? ` at line ${up.line}` : ""}. ${up.reason ?? ""}`}
        </li>
      )}
      {down && (
        <li>
          <Mark kind={kind} words={kind} /> Rollback: {verdict}. {down.outcome !== "absent" && down.reason}
          {(down.differences ?? []).length > 0 && (
            <ul>
              {down.differences?.map((one) => (
                <li key={`${one.object}${one.detail}`}>
                  <span className="mono">{one.object}</span> {one.change}: {one.detail}
                </li>
              ))}
            </ul>
          )}
        </li>
      )}
      {down?.data && (
        <li>
          <Mark kind={dataKind} words={dataKind} />{" "}
          {down.data === "equal"
            ? "The data came back as it was."
            : `${down.data === "differs" ? "The data did not come back as it was." : "The data was not checked."} ${down.dataReason ?? ""}`}
        </li>
      )}
      {report.notes?.map((note) => (
        <li key={note} className="quiet">
          {note}
        </li>
      ))}
    </ul>
  );
}

/** What the rules of judgement found; nothing where they found nothing, or were not asked. */
function Findings({ title, findings }: { readonly title: string; readonly findings: readonly JudgedFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <div className="section-body">
      <h3>{title}</h3>
      <ul className="findings data" aria-label={title}>
        {findings.map(({ rule, severity, title: headline = null, breaking, line, column, message, hint }) => (
          <li key={`${rule}${line}:${column}${message}`}>
            <SeverityMark severity={severity} />
            <div>
              Line {line}: {message}. {breaking && "It breaks whoever uses it now. "}
              <span className="quiet">{hint}</span>
              <RuleLink rule={rule} title={headline} />
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What each statement did: its locks, rewrites and scans. */
export function Statements({ title, statements }: { title: string; statements: readonly RehearsedStatement[] }) {
  if (statements.length === 0) return null;
  const rows = statements.flatMap(({ locks }) => locks);
  const away = [...new Set(rows.filter(({ mode }) => mode === KEEPS_READERS_AWAY).map(({ relation }) => relation))];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="scroll-x" tabIndex={0} aria-label={`${title}, with locks and times`}>
      {away.length > 0 && (
        <p className="data" style={{ margin: "0 14px 8px" }}>
          <Mark kind="attention" words="attention" /> Keeps everybody away from{" "}
          <span className="mono">{away.join(", ")}</span> while it runs.
        </p>
      )}
      <table className="table data">
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Statement</th>
            <th scope="col">Locks</th>
            <th scope="col">Rewrites</th>
            <th scope="col">Scans</th>
            <th scope="col" style={{ textAlign: "right" }}>
              ms
            </th>
          </tr>
        </thead>
        <tbody>
          {statements.map((one) => (
            <tr key={`${one.line}${one.kind}`}>
              <td>{one.line}</td>
              <td>
                {one.outcome !== "ok" && <Mark kind="stopped" words={one.outcome} />} {one.kind.replaceAll("_", " ")}
              </td>
              <td>
                {one.locks.map(({ relation, mode }) => (
                  <div key={relation + mode}>
                    <span className="mono">{relation}</span> <span className="lock">{lockWords(mode)}</span>
                  </div>
                ))}
                {one.locks.length === 0 && <span className="quiet">none</span>}
              </td>
              <td>{one.rewrites.length > 0 ? <span className="mono">{one.rewrites.join(", ")}</span> : <None />}</td>
              <td>{one.scans.length > 0 ? <span className="mono">{one.scans.join(", ")}</span> : <None />}</td>
              <td style={{ textAlign: "right" }}>{one.source === "known" ? "–" : one.ms}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function None() {
  return <span className="quiet">none</span>;
}

/** What it changes in the schema, as a picture and in words, and whether that breaks somebody. */
export function SchemaChange({ changes }: { changes: NonNullable<RehearsalReport["schemaChange"]> }) {
  if (changes.length === 0) return null;
  return (
    <div className="section-body">
      <SchemaPicture changes={changes} />
      <ul className="tree data">
        {changes.map(({ object, reason, breaking, change }) => (
          <li key={object + change}>
            <Mark kind={breaking ? "attention" : "good"} words={breaking ? "breaking" : "not breaking"} /> {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}
