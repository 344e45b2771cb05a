import { accept, type Outcome, refuse } from "../../change/refusal.ts";
import { members } from "../../process/conditions.ts";
import type { Explanation, Facts, Process } from "../../process/process.ts";
import { evaluate } from "../../process/table.ts";

/**
 * The team a change is routed to by the process's routing table; "component" is the team of the first affected component.
 * Refusals: NO_ROUTE when no row matches or two contradict, NO_OWNING_TEAM when that component is not given or has no team.
 */
export function routeTo(
  process: Process,
  facts: Facts,
  componentTeams: Readonly<Record<string, string>>,
): Outcome<{ readonly team: string; readonly explanation: Explanation }> {
  const { answers, conflict, explanation } = evaluate(process.routing, facts);
  const answer = answers[0];
  if (answer === undefined) {
    return refuse(
      "NO_ROUTE",
      `Process ${process.name} does not say which team this change goes to: ${conflict ?? explanation.reason}.`,
      "Add a row to the routing table of the process.",
      { details: { explanation } },
    );
  }
  if (answer.team !== "component") return accept({ team: answer.team, explanation });
  const component = members(facts.component)[0];
  if (component === undefined) {
    return refuse("NO_OWNING_TEAM", "The change names no affected component.", "Name at least one component.", {
      place: { pointer: "/fields/components" },
    });
  }
  const team = Object.hasOwn(componentTeams, String(component)) ? componentTeams[String(component)] : undefined;
  if (team === undefined) {
    return refuse(
      "NO_OWNING_TEAM",
      `No team owns the component "${component}".`,
      `Components with a team: ${Object.keys(componentTeams).join(", ") || "none"}.`,
      { place: { pointer: "/fields/components" } },
    );
  }
  const owner: Explanation = {
    id: "owner",
    title: `component ${component}`,
    met: true,
    reason: `is owned by ${team}`,
    children: [],
  };
  return accept({ team, explanation: { ...explanation, children: [...explanation.children, owner] } });
}
