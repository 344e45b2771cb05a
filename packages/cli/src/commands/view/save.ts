import { filterOptions, filtersOf } from "../../change/list-filters.ts";
import { findView, viewTable } from "../../change/saved-view.ts";
import { answer, defineCommand } from "../../command.ts";
import { usage } from "../../stop.ts";

export const command = defineCommand({
  about: "Takes the filters that list takes. Others see it when it is shared with everybody or with a team.",
  arguments: [{ name: "name", about: "how it is called" }],
  options: [
    ...filterOptions,
    { flags: "--share <with>", about: "nobody (when left out), everybody, or the name of a team" },
    { flags: "--replace", about: "put it in the place of the view that has the name" },
    { flags: "--default", about: "one's list of changes opens with it" },
  ],
  examples: [
    "change-mgmt view save 'Waiting for QA' --status=validating --team=data --share=data",
    "change-mgmt view save mine --assignee=ada --active --default --replace",
  ],
  answers: "savedViews.create",
  parse(given) {
    const filters = filtersOf(given);
    if (Object.keys(filters).length === 0)
      throw usage("A view without a filter holds nothing.", "Add what list takes, such as --active or --team=data.");
    return {
      name: given.word("name"),
      filters,
      sharing: sharingOf(given.text("share")),
      replace: given.flag("replace"),
      opens: given.flag("default"),
    };
  },
  async run(context, { name, filters, sharing, replace, opens }) {
    const before = replace ? await findView(context, name) : undefined;
    const view =
      before === undefined
        ? await context.client("savedViews.create", { body: { name, filters, ...sharing } })
        : await context.client("savedViews.edit", {
            params: { id: before.id },
            body: { filters, ...sharing },
            ifMatch: before.version,
          });
    if (opens) await context.client("savedViews.default", { body: { view: view.id } });
    return answer({ ...view, default: view.default || opens }, (clean, page) => viewTable([clean], page));
  },
});

function sharingOf(share: string | undefined): { sharedWith?: "nobody" | "team" | "everybody"; team?: string } {
  if (share === undefined) return {};
  return share === "nobody" || share === "everybody" ? { sharedWith: share } : { sharedWith: "team", team: share };
}
