import { decisionText, requirementsFor } from "@change-mgmt/domain/lifecycle/approval/requirements.ts";
import { checklist } from "@change-mgmt/domain/lifecycle/implementation/checklist.ts";
import { routeTo } from "@change-mgmt/domain/lifecycle/requests/route.ts";
import { members } from "@change-mgmt/domain/process/conditions.ts";
import type { Facts, Process, Requirement } from "@change-mgmt/domain/process/process.ts";
import { Section } from "../../ui/page.tsx";
import { Mark } from "../../ui/state.tsx";

/** What will be asked of the change as it is written now, by the process's own tables. */
export function Consequences(props: {
  readonly process: Process;
  /** What the form says, and what the rehearsal has found beside it. */
  readonly facts: Facts;
  /** Whether the form itself says that it breaks somebody. */
  readonly said: boolean;
  readonly componentTeams: Readonly<Record<string, string>>;
}) {
  const { process, facts, said, componentTeams } = props;
  const routed = routeTo(process, facts, componentTeams);
  const byHand = checklist(process, facts).filter((step) => !step.automatic).length;
  const approvals = members(facts.environments).map((environment) => {
    const { requirements } = requirementsFor(process, facts, String(environment));
    return { environment: String(environment), titles: requirements.map(titleOf) };
  });
  const breaking = facts.breaking === true;
  return (
    <Section title="What will be asked of it">
      <dl className="asked-facts data" aria-live="polite">
        <dt>Team</dt>
        <dd>{routed.ok ? routed.value.team : <span className="quiet">{routed.refusal.message}</span>}</dd>
        <dt>Breaking</dt>
        <dd>
          {breaking && <Mark kind="attention" words="attention" />} {!breaking && "not by what is said so far"}
          {breaking && (said ? "yes, it breaks whoever uses it now" : "yes, its rehearsal says so")}
        </dd>
        <dt>Steps</dt>
        <dd>{byHand} by hand, each with its evidence</dd>
        {approvals.map(({ environment, titles }) => (
          <Environment key={environment} name={environment} titles={titles} />
        ))}
      </dl>
    </Section>
  );
}

function titleOf(requirement: Requirement): string {
  const { title, count, from } = requirement;
  if (from.board !== undefined) return `${title}, ${decisionText(requirement)}`;
  return count === 1 ? title : count === "all" ? `${title}, all` : `${title}, ${count}`;
}

function Environment({ name, titles }: { readonly name: string; readonly titles: readonly string[] }) {
  return (
    <>
      <dt>Before {name}</dt>
      <dd>{titles.length === 0 ? "nothing matches, so nothing is granted" : `approval: ${titles.join("; ")}`}</dd>
    </>
  );
}
