import type { CallOutput } from "@change-mgmt/api/client.ts";
import { paths } from "../../paths.ts";
import { Ago } from "../../ui/ago.tsx";
import { Link } from "../../ui/link.tsx";
import { Mark } from "../../ui/state.tsx";

type Drift = CallOutput<"environments.drift">;

/** What differs from the last known schema, what it breaks and for whom. */
export function DriftFound({ drift }: { readonly drift: Drift }) {
  const { environment, knownAt, drifted, differences, more } = drift;
  if (knownAt === null)
    return (
      <p className="data flat" role="status">
        No schema of {environment} is known yet; the first deployment takes it as it finds it.
      </p>
    );
  if (differences.length === 0)
    return (
      <p className="data flat" role="status">
        <Mark kind="good" words="good" /> The schema is the one last known, seen <Ago at={knownAt} />.
      </p>
    );
  return (
    <div className="data" role="status">
      <p className="flat">
        <Mark kind={drifted ? "stopped" : "good"} words={drifted ? "drifted" : "good"} />{" "}
        {drifted
          ? "The schema is not the one last known: deployments are refused until it is put right or taken over as a baseline."
          : "Only the order of columns is another one."}
      </p>
      <ul className="tree" aria-label={`What differs in ${environment}`}>
        {differences.map(({ change, kind, object, detail, breaking, affected }) => (
          <li key={`${change}${kind}${object}`}>
            <Mark kind={breaking ? "attention" : "good"} words={breaking ? "breaking" : "not breaking"} />{" "}
            {kind.replaceAll("_", " ")} <span className="mono">{object}</span>: {detail}
            <div className="quiet evidence">
              {affected.length === 0
                ? "Nobody is known to use it by a change that is deployed here."
                : affected.map(({ component, team, changes }) => (
                    <div key={component}>
                      Used by {component} (team {team ?? "not known"}):{" "}
                      {changes.map((number) => (
                        <span key={number}>
                          <Link href={paths.change(number)}>{number}</Link>{" "}
                        </span>
                      ))}
                    </div>
                  ))}
            </div>
          </li>
        ))}
        {more > 0 && <li>and {more} more</li>}
      </ul>
    </div>
  );
}
