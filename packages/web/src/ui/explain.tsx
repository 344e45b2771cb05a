import type { Explanation } from "../data/types.ts";
import { Handle } from "./handle.tsx";
import { Mark } from "./state.tsx";

/**
 * A decision that explains itself: each part met or open, why, and who could still give what is missing. What is met is folded.
 * The decision itself is said by whatever stands above it; its parts are shown.
 */
export function Explain({ explanation }: { readonly explanation: Explanation }) {
  return (
    <ul className="tree data">
      {explanation.children.map((child) => (
        <Branch key={child.id} explanation={child} />
      ))}
    </ul>
  );
}

function Branch({ explanation }: { readonly explanation: Explanation }) {
  const { title, met, reason, couldBeGivenBy, children } = explanation;
  const givers = couldBeGivenBy && (couldBeGivenBy.length === 0 || !reason.includes(couldBeGivenBy.join(", ")));
  const parts = (
    <ul>
      {children.map((child) => (
        <Branch key={child.id} explanation={child} />
      ))}
    </ul>
  );
  return (
    <li>
      <Mark kind={met ? "good" : "waiting"} words={met ? "met" : "open"} /> <strong>{title}</strong>
      {reason && <div className="quiet">{reason}</div>}
      {!met && givers && (
        <div className="quiet">
          {couldBeGivenBy.length === 0 ? "Nobody could give it now." : "Could be given by "}
          {couldBeGivenBy.map((handle, at) => (
            <span key={handle}>
              {at > 0 && ", "}
              <Handle of={handle} />
            </span>
          ))}
        </div>
      )}
      {children.length > 0 &&
        (met ? (
          <details>
            <summary className="quiet" style={{ cursor: "pointer" }}>
              Why
            </summary>
            {parts}
          </details>
        ) : (
          parts
        ))}
    </li>
  );
}
