import type { Validation } from "../../data/types.ts";
import { Ago } from "../../ui/ago.tsx";
import { Section } from "../../ui/page.tsx";
import { Mark, StateBadge } from "../../ui/state.tsx";
import { kindOf } from "../../ui/states.ts";

/** The checks of the content as it is now, each with what to do where it did not pass. */
export function ValidationChecks({ validation }: { readonly validation: Validation }) {
  const { checks, result, at } = validation;
  if (checks.length === 0) return null;
  return (
    <Section
      title="Validation"
      aside={
        <>
          <StateBadge state={result} />
          {at && (
            <span className="quiet data">
              <Ago at={at} />
            </span>
          )}
        </>
      }
    >
      <ul className="tree data">
        {checks.map((check) => (
          <li key={check.id}>
            <Mark kind={kindOf(check.result)} words={check.result.replaceAll("-", " ")} /> {check.title}
            <div className="quiet evidence">
              {check.message} {check.result !== "passed" && check.hint}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
