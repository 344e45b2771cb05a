import { Button, Menu } from "@mantine/core";
import { IconDots, IconStarFilled } from "@tabler/icons-react";
import { useState } from "react";
import { useAct } from "../../data/ask.ts";
import { type ChangeFilters, paths } from "../../paths.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { Link, useGo } from "../../ui/link.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { ViewDialog } from "./view-dialog.tsx";
import { ALL, addressOf, differs, keptOf, type SavedView } from "./views.ts";

/** The saved views as tabs, and what can be done with the one that is shown. */
export function ViewTabs({ views, search }: { readonly views: readonly SavedView[]; readonly search: ChangeFilters }) {
  const shown = views.find(({ id }) => id === search.view);
  const changed = shown !== undefined && differs(search, shown);
  return (
    <div className="views">
      <nav aria-label="Saved views" className="view-tabs">
        <Link
          href={paths.changes({ view: ALL })}
          className="view-tab"
          aria-current={shown === undefined ? "page" : undefined}
        >
          All changes
        </Link>
        {views.map((view) => (
          <Link
            key={view.id}
            href={paths.changes(addressOf(view))}
            className="view-tab"
            aria-current={view === shown ? "page" : undefined}
            title={`By ${view.owner}, ${sharingOf(view)}`}
          >
            {view.default && (
              <>
                <IconStarFilled size={12} aria-hidden />
                <span className="only-read">Opens first: </span>
              </>
            )}
            {view.name}
            {view === shown && changed && <span className="quiet"> (changed)</span>}
          </Link>
        ))}
      </nav>
      <ViewMenu shown={shown} changed={changed} search={search} />
    </div>
  );
}

function ViewMenu(props: {
  readonly shown: SavedView | undefined;
  readonly changed: boolean;
  readonly search: ChangeFilters;
}) {
  const { shown, changed, search } = props;
  const go = useGo();
  const edit = useAct("savedViews.edit");
  const remove = useAct("savedViews.delete");
  const choose = useAct("savedViews.default");
  const [dialog, setDialog] = useState<"create" | "edit" | "delete">();
  const overwrite = async (view: SavedView) => {
    await edit.run({ params: { id: view.id }, body: { filters: keptOf(search) }, ifMatch: view.version });
  };
  const problem = edit.problem ?? choose.problem;
  return (
    <>
      <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button variant="default" size="xs" leftSection={<IconDots size={15} aria-hidden />}>
            View
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDialog("create")}>Save as a new view…</Menu.Item>
          {shown && (
            <>
              <Menu.Item disabled={!changed || !shown.editable} onClick={() => overwrite(shown)}>
                Save what is shown as “{shown.name}”
              </Menu.Item>
              <Menu.Item disabled={!changed} onClick={() => go(paths.changes(addressOf(shown)))}>
                Show it as it was saved
              </Menu.Item>
              <Menu.Item onClick={() => choose.run({ body: { view: shown.default ? null : shown.id } })}>
                {shown.default ? "Do not open Changes with it" : "Open Changes with it"}
              </Menu.Item>
              <Menu.Item disabled={!shown.editable} onClick={() => setDialog("edit")}>
                Rename or share…
              </Menu.Item>
              <Menu.Item disabled={!shown.editable} onClick={() => setDialog("delete")}>
                Delete…
              </Menu.Item>
              {!shown.editable && (
                <Menu.Label>
                  It is {shown.owner}'s; {shown.owner} and administrators edit it.
                </Menu.Label>
              )}
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {problem && (
        <ProblemNotice
          problem={problem}
          close={() => {
            edit.reset();
            choose.reset();
          }}
        />
      )}
      {dialog === "create" && <ViewDialog search={search} close={() => setDialog(undefined)} />}
      {dialog === "edit" && shown && <ViewDialog view={shown} search={search} close={() => setDialog(undefined)} />}
      {shown && (
        <Confirm
          opened={dialog === "delete"}
          onClose={() => setDialog(undefined)}
          title={`Delete the view “${shown.name}”`}
          does={`The view is gone for everybody: it is ${sharingOf(shown)}. No change is touched.`}
          undo="save it again; what it shows stays in this page's address until you leave."
          verb="Delete the view"
          pending={remove.pending}
          problem={remove.problem}
          onConfirm={async () => {
            const done = await remove.run({ params: { id: shown.id } });
            if (done) go(paths.changes({ ...keptOf(search), view: ALL }), { replace: true });
            return done !== undefined;
          }}
        />
      )}
    </>
  );
}

function sharingOf({ sharedWith, team }: SavedView): string {
  if (sharedWith === "nobody") return "shared with nobody";
  return sharedWith === "team" ? `shared with the team ${team}` : "shared with everybody";
}
