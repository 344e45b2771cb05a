import { Mark } from "./state.tsx";
import "./findings.css";

const KINDS = { error: "stopped", warning: "attention", info: "waiting" } as const;

/** How much a finding weighs. */
export function SeverityMark({ severity }: { readonly severity: keyof typeof KINDS }) {
  return <Mark kind={KINDS[severity]} words={severity} />;
}

/** The way to the page of a rule of judgement; nothing for what has no page. */
export function RuleLink({ rule, title }: { readonly rule: string; readonly title: string | null }) {
  if (title === null) return null;
  return (
    <>
      {" "}
      <a className="quiet mono" href={`/docs/rules#${rule}`} title={title} target="_blank" rel="noreferrer">
        {rule}
      </a>
    </>
  );
}
