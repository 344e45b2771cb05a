import { useEffect } from "react";
import type { ChangeSummary } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import { isFree } from "../../shell/shortcuts.ts";
import { Ago } from "../../ui/ago.tsx";
import { useFlash } from "../../ui/flash.ts";
import { Link } from "../../ui/link.tsx";
import { StateBadge } from "../../ui/state.tsx";
import type { Column } from "./columns.tsx";
import { FoundTitle, WhyFound } from "./match.tsx";

/** Which rows are chosen, and what choosing does. */
export interface Choosing {
  readonly ids: ReadonlySet<string>;
  readonly toggle: (id: string, through: boolean) => void;
  readonly toggleAll: () => void;
}

/** Changes as a table whose rows can be chosen. */
export function Table(props: {
  readonly changes: readonly ChangeSummary[];
  readonly columns: readonly Column[];
  readonly choosing: Choosing;
}) {
  const { changes, columns, choosing } = props;
  const chosen = changes.filter(({ id }) => choosing.ids.has(id)).length;
  return (
    <section className="section scroll-x" aria-label="Changes">
      <table className="table change-table data">
        <thead>
          <tr>
            <th scope="col" className="column-choose">
              <input
                type="checkbox"
                aria-label="Choose all changes shown"
                checked={chosen > 0 && chosen === changes.length}
                ref={(box) => {
                  if (box) box.indeterminate = chosen > 0 && chosen < changes.length;
                }}
                onChange={choosing.toggleAll}
              />
            </th>
            {columns.map(({ id, title }) => (
              <th key={id} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={useFlash<HTMLTableSectionElement>(saidOf(changes))}>
          {changes.map((change) => (
            <tr
              key={change.id}
              data-flash={change.id}
              data-row={change.id}
              aria-selected={choosing.ids.has(change.id) || undefined}
            >
              <td className="column-choose">
                <input
                  type="checkbox"
                  aria-label={`Choose ${change.number}`}
                  checked={choosing.ids.has(change.id)}
                  onChange={(event) => choosing.toggle(change.id, (event.nativeEvent as MouseEvent).shiftKey === true)}
                />
              </td>
              {columns.map(({ id, cell }) => (
                <td key={id} className={`column-${id}`}>
                  {cell(change)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What is shown of each change, by its id. */
function saidOf(changes: readonly ChangeSummary[]) {
  return Object.fromEntries(changes.map(({ id, version, status, stage }) => [id, `${version} ${status} ${stage}`]));
}

/** Changes as cards, where there is no room for a table. */
export function Cards({ changes }: { readonly changes: readonly ChangeSummary[] }) {
  return (
    <ul className="cards" ref={useFlash<HTMLUListElement>(saidOf(changes))}>
      {changes.map(({ id, number, title, status, stageTitle, team, requester, breaking, createdAt, match }) => (
        <li key={id} data-flash={id}>
          <Link href={paths.change(number)} className="change-card" data-change={number}>
            <span className="card-line">
              <span className="mono quiet">{number}</span>
              <StateBadge state={status} words={stageTitle} />
              {breaking && <StateBadge state="breaking" kind="attention" />}
            </span>
            <strong>
              <FoundTitle title={title} match={match} />
            </strong>
            <WhyFound match={match} />
            <span className="quiet data">
              {[team, requester].filter(Boolean).join(" · ")} · <Ago at={createdAt} still />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** `j` and `k` move through the rows by focus, so that Enter opens the one that is marked and `x` chooses it. */
export function useRowKeys(toggle: (id: string, through: boolean) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!["j", "k", "x", "X"].includes(event.key) || !isFreeOfRow(event)) return;
      if (event.key === "x" || event.key === "X") {
        const row = document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset.row;
        if (row === undefined) return;
        event.preventDefault();
        toggle(row, event.shiftKey);
        return;
      }
      const rows = [...document.querySelectorAll<HTMLElement>("[data-change]")];
      const current = document.activeElement?.closest("[data-row]")?.querySelector("[data-change]");
      const at = rows.indexOf((current ?? document.activeElement) as HTMLElement);
      const next = event.key === "j" ? at + 1 : Math.max(at - 1, 0);
      rows[Math.min(next, rows.length - 1)]?.focus();
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [toggle]);
}

/** The box of a row takes no letters, so that keys go on working after it was pressed. */
function isFreeOfRow(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement;
  if (!at.matches("[data-row] input[type=checkbox]")) return isFree(event);
  return !event.metaKey && !event.ctrlKey && !event.altKey && document.querySelector("[role=dialog]") === null;
}
