import { RuleLink, SeverityMark } from "../rule-link.tsx";
import { type EditorFinding, placeWords, type Span } from "./places.ts";

/** What was found in a text as a list; an entry that has a place leads there. Heard when it changes. */
export function FindingList(props: {
  readonly label: string;
  readonly findings: readonly EditorFinding[];
  readonly onGo: (span: Span) => void;
}) {
  const { label, findings, onGo } = props;
  const count = findings.length === 0 ? "" : `${findings.length} ${findings.length === 1 ? "finding" : "findings"}`;
  return (
    <>
      <span className="only-read" role="status">
        {count && `${label}: ${count}. ${findings[0]!.message}`}
      </span>
      {findings.length > 0 && (
        <ul className="findings data" aria-label={`${label}: ${count}`}>
          {findings.map((finding) => (
            <li key={`${finding.rule}${placeWords(finding)}${finding.message}`}>
              <SeverityMark severity={finding.severity} />
              <div>
                {finding.span && (
                  <>
                    <button type="button" className="place" onClick={() => onGo(finding.span!)}>
                      {placeWords(finding)}
                    </button>
                    {": "}
                  </>
                )}
                {finding.message} {finding.hint && <span className="quiet">{finding.hint}</span>}
                <RuleLink {...finding} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
