import { votersText } from "@change-mgmt/domain/lifecycle/approval/voters.ts";
import { members } from "@change-mgmt/domain/process/conditions.ts";
import type { DecisionTable, Process, Requirement, Row } from "@change-mgmt/domain/process/process.ts";
import { dimensionWords, valueWords } from "../../ui/condition.ts";
import { Section } from "../../ui/page.tsx";

const HIT = {
  unique: "at most one row may match",
  collect: "every row that matches counts",
} as const;

/** A decision table: a row a rule, a column a dimension, then what it answers and where it comes from. */
export function Table(props: {
  readonly process: Process;
  readonly table: DecisionTable<unknown>;
  readonly note?: string;
}) {
  const { process, table, note } = props;
  const asked = table.dimensions.filter((dimension) => table.rows.some((row) => row.when[dimension] !== undefined));
  return (
    <Section
      title={table.title}
      aside={
        <span className="quiet data">
          {table.hit}: {HIT[table.hit]}
        </span>
      }
      padded={false}
      id={`table-${table.id}`}
    >
      {note && <p className="quiet data table-note">{note}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="scroll-x" tabIndex={0} aria-label={`Rows of ${table.title}`}>
        <table className="table data">
          <thead>
            <tr>
              <th scope="col">Row</th>
              {asked.map((dimension) => (
                <th key={dimension} scope="col">
                  {dimensionWords(process, dimension)}
                </th>
              ))}
              <th scope="col">Answer</th>
              <th scope="col">Source</th>
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row) => (
              <tr key={row.id}>
                <th scope="row" className="mono">
                  {row.id}
                </th>
                {asked.map((dimension) => (
                  <td key={dimension}>
                    <Cell process={process} row={row} dimension={dimension} />
                  </td>
                ))}
                <td className="answer">
                  <Said answer={row.then} />
                </td>
                <td className="quiet">{row.source ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Section>
  );
}

function Cell(props: { readonly process: Process; readonly row: Row<unknown>; readonly dimension: string }) {
  const { process, row, dimension } = props;
  const wish = row.when[dimension];
  if (wish === undefined) return <span className="quiet">any</span>;
  return members(wish)
    .map((value) => valueWords(process, dimension, value))
    .join(" or ");
}

/** What a row answers, whatever table it stands in. */
function Said({ answer }: { readonly answer: unknown }) {
  const { requirements, ...rest } = answer as { requirements?: readonly Requirement[] } & Record<string, unknown>;
  return (
    <>
      {requirements?.map(({ id, title, from, count, mayShare }) => (
        <div key={id}>
          {count === "all" ? "all" : count} × <strong>{title}</strong>{" "}
          <span className="quiet">
            ({votersText(from)}
            {mayShare && mayShare.length > 0 && `; may share with ${mayShare.join(", ")}`})
          </span>
        </div>
      ))}
      {Object.entries(rest).map(([name, value]) => (
        <Member key={name} name={name} value={value} />
      ))}
    </>
  );
}

function Member({ name, value }: { readonly name: string; readonly value: unknown }) {
  const words = name.replace(/([A-Z])/g, " $1").toLowerCase();
  if (Array.isArray(value) && value.length > 1) {
    return (
      <ol className="answer-list" aria-label={words}>
        {value.map((one) => (
          <li key={String(one)}>{String(one)}</li>
        ))}
      </ol>
    );
  }
  const said = Array.isArray(value)
    ? (value[0] ?? "none")
    : typeof value === "boolean"
      ? value
        ? "yes"
        : "no"
      : value;
  return (
    <div>
      {name !== "value" && <span className="quiet">{words}: </span>}
      {String(said)}
    </div>
  );
}
