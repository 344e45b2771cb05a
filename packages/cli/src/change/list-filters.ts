import { STATUSES } from "@change-mgmt/domain/change/status.ts";
import type { OptionSpec } from "../command.ts";
import type { Given } from "../given.ts";
import { usage } from "../stop.ts";

/** What a list of changes is narrowed by, and its order. */
export const filterOptions: readonly OptionSpec[] = [
  { flags: "--status <status>", about: "only changes in this status", repeatable: true },
  { flags: "--active", about: "only changes that are not closed, cancelled or rejected" },
  { flags: "--type <type>", about: "only changes of this type" },
  { flags: "--team <team>", about: "only changes of this team" },
  { flags: "--component <name>", about: "only changes that affect this component" },
  { flags: "--requester <handle>", about: "only changes of this requester" },
  { flags: "--assignee <handle>", about: "only changes assigned to this person" },
  {
    flags: "--search <words>",
    about: 'only changes in which these words stand, comments and SQL too; "in quotes" as they stand, -word not',
  },
  { flags: "--oldest-first", about: "begin with the oldest" },
];

/** The filters that were typed, as the interface names them; what was not typed is left out. */
export function filtersOf(given: Given): Record<string, string> {
  const status = given.list("status").flatMap((text) => text.split(","));
  const unknown = status.find((one) => !(STATUSES as readonly string[]).includes(one));
  if (unknown !== undefined) throw usage(`"${unknown}" is no status.`, `One of: ${STATUSES.join(", ")}.`);
  const filters = {
    status: status.length > 0 ? status.join(",") : undefined,
    active: given.flag("active") ? "true" : undefined,
    type: given.text("type"),
    team: given.text("team"),
    component: given.text("component"),
    requester: given.text("requester"),
    assignee: given.text("assignee"),
    q: given.text("search"),
    order: given.flag("oldestFirst") ? "oldest" : undefined,
  };
  return Object.fromEntries(Object.entries(filters).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
