import type { ReactNode } from "react";
import type { Change } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import { Ago } from "../../ui/ago.tsx";
import { Handle } from "../../ui/handle.tsx";
import { Link } from "../../ui/link.tsx";
import { Section } from "../../ui/page.tsx";
import { Procedure } from "./environments.tsx";

/** Who has to do with the change, and what it is. */
export function People({ change }: { readonly change: Change }) {
  const { fields } = change;
  const list = (name: string) => (Array.isArray(fields[name]) ? fields[name].join(", ") : undefined);
  const rows: readonly (readonly [string, ReactNode])[] = [
    ["Requester", <Handle key="r" of={change.requester} />],
    ["Assignee", change.assignee ? <Handle key="a" of={change.assignee} /> : <span className="quiet">nobody yet</span>],
    ["Team", change.team ?? <span className="quiet">not routed yet</span>],
    [
      "Type",
      <span key="t" className="mono">
        {change.type}
      </span>,
    ],
    ["Priority", change.priority],
    ["Components", list("components")],
    ["Tables", list("tables")],
    [
      "Process",
      <Link key="p" href={paths.process(change.process, change.processHash)}>
        {change.process}, version {change.processVersion}
      </Link>,
    ],
    ["Created", <Ago key="c" at={change.createdAt} />],
    ["Updated", <Ago key="u" at={change.updatedAt} />],
  ];
  return (
    <Section title="People and facts">
      <dl className="facts data">
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </Section>
  );
}

/** How the change is taken back, as its process says for a change like this. */
export function WayBack({ change }: { readonly change: Change }) {
  if (change.rollbackProcedure.length === 0) return null;
  return (
    <Section title="The way back">
      <Procedure change={change} />
    </Section>
  );
}
