import type { ReactNode } from "react";
import type { ChangeSummary } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import { Ago } from "../../ui/ago.tsx";
import { Handle } from "../../ui/handle.tsx";
import { Link } from "../../ui/link.tsx";
import { StateBadge } from "../../ui/state.tsx";
import { FoundTitle, WhyFound } from "./match.tsx";

/** A column that the list of changes can show: as a cell, and as plain text in a CSV file. */
export interface Column {
  readonly id: string;
  readonly title: string;
  readonly cell: (change: ChangeSummary) => ReactNode;
  readonly text: (change: ChangeSummary) => string;
}

export const COLUMNS: readonly Column[] = [
  {
    id: "number",
    title: "Number",
    cell: ({ number }) => (
      <Link href={paths.change(number)} className="link mono" tabIndex={-1}>
        {number}
      </Link>
    ),
    text: ({ number }) => number,
  },
  {
    id: "title",
    title: "Title",
    cell: ({ number, title, match }) => (
      <>
        <Link href={paths.change(number)} className="link change-title" data-change={number}>
          <FoundTitle title={title} match={match} />
        </Link>
        <WhyFound match={match} />
      </>
    ),
    text: ({ title }) => title,
  },
  {
    id: "status",
    title: "Stage",
    cell: ({ status, stageTitle }) => <StateBadge state={status} words={stageTitle} />,
    text: ({ stageTitle, status }) => `${stageTitle} (${status})`,
  },
  { id: "type", title: "Type", cell: ({ type }) => <span className="mono">{type}</span>, text: ({ type }) => type },
  { id: "process", title: "Process", cell: ({ process }) => process, text: ({ process }) => process },
  { id: "priority", title: "Priority", cell: ({ priority }) => priority, text: ({ priority }) => priority },
  { id: "team", title: "Team", cell: ({ team }) => team ?? "", text: ({ team }) => team ?? "" },
  {
    id: "requester",
    title: "Requester",
    cell: ({ requester }) => <Handle of={requester} />,
    text: ({ requester }) => requester,
  },
  {
    id: "assignee",
    title: "Assignee",
    cell: ({ assignee }) => assignee && <Handle of={assignee} />,
    text: ({ assignee }) => assignee ?? "",
  },
  {
    id: "breaking",
    title: "Breaking",
    cell: ({ breaking }) => breaking && <StateBadge state="breaking" kind="attention" />,
    text: ({ breaking }) => (breaking ? "breaking" : ""),
  },
  {
    id: "age",
    title: "Age",
    cell: ({ createdAt }) => <Ago at={createdAt} still />,
    text: ({ createdAt }) => createdAt,
  },
  {
    id: "updated",
    title: "Updated",
    cell: ({ updatedAt }) => <Ago at={updatedAt} still />,
    text: ({ updatedAt }) => updatedAt,
  },
];

const USUAL = ["number", "title", "status", "team", "requester", "breaking", "age"];

/** The columns that an address names, in the order of the table; the usual ones where it names none that exist. */
export function columnsOf(named: string | undefined): readonly Column[] {
  const ids = named?.split(",") ?? USUAL;
  const found = COLUMNS.filter(({ id }) => ids.includes(id));
  return found.length > 0 ? found : COLUMNS.filter(({ id }) => USUAL.includes(id));
}
