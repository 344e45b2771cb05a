import type { Comparison } from "./compare.tsx";
import { apart, linesOf } from "./said.ts";

/** Differences of two versions, part by part, each with what was said and what is said. */
export function Differences({ differences }: Pick<Comparison, "differences">) {
  const parts = [...new Set(differences.map(({ part }) => part))];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="scroll-x" tabIndex={0} aria-label="Differences">
      <table className="table data differences">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Earlier</th>
            <th scope="col">Later</th>
          </tr>
        </thead>
        {parts.map((part) => (
          <tbody key={part}>
            <tr>
              <th scope="rowgroup" colSpan={3} className="part">
                {part}
              </th>
            </tr>
            {differences.map((difference, at) =>
              difference.part === part ? <Row key={`${at}${difference.id}`} difference={difference} /> : null,
            )}
          </tbody>
        ))}
      </table>
    </section>
  );
}

function Row({ difference: { id, before, after } }: { readonly difference: Comparison["differences"][number] }) {
  const [was, is] = apart(before, after);
  return (
    <tr>
      <th scope="row" className="mono">
        {id}
      </th>
      <td data-label="Earlier">
        {before === undefined ? <span className="quiet">not there</span> : <Said value={was} mark="−" />}
      </td>
      <td data-label="Later">
        {after === undefined ? <span className="quiet">gone</span> : <Said value={is} mark="+" />}
      </td>
    </tr>
  );
}

function Said({ value, mark }: { readonly value: unknown; readonly mark: "+" | "−" }) {
  const lines = linesOf(value);
  if (lines.length === 0) return <span className="quiet">nothing</span>;
  return (
    <div className={mark === "+" ? "said-later" : "said-earlier"}>
      {lines.map(({ depth, text }, at) => (
        <div key={`${at}${text}`} style={{ paddingInlineStart: depth * 14 }}>
          {text}
        </div>
      ))}
    </div>
  );
}
