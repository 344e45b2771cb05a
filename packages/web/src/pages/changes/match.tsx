import type { ChangeSummary } from "../../data/types.ts";
import { Marked } from "../../ui/marked.tsx";

type Match = NonNullable<ChangeSummary["match"]>;

/** Why a change was found, where its title does not show it: the place, and the text around what was looked for. */
export function WhyFound({ match }: { readonly match: ChangeSummary["match"] }) {
  if (!match || match.place === "title") return null;
  return (
    <div className={match.place === "sql" ? "why-found in-sql" : "why-found"}>
      <span className="quiet">{placeOf(match)}: </span>
      <Marked text={match.text} marks={match.marks} />
    </div>
  );
}

/** The title of a change, with what was looked for marked where it stands there. */
export function FoundTitle({ title, match }: Pick<ChangeSummary, "title" | "match">) {
  if (title === "") return "Untitled";
  return match?.place === "title" && match.text === title ? <Marked text={title} marks={match.marks} /> : title;
}

function placeOf({ place, name, line }: Match): string {
  if (place === "sql") return `SQL of ${name ?? "a migration"}, line ${line}`;
  if (place === "comment") return `Comment by ${name}`;
  if (place === "field") return `Field ${name}`;
  if (place === "artifact") return `Artifact ${name ?? ""}`.trim();
  return { number: "Number", description: "Description", assessment: "Impact analysis", title: "Title" }[place];
}
