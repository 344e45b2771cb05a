import { Button, Checkbox, Collapse, Group, Menu } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { IconColumns3, IconDownload, IconFilter } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { problemOf, useAsk, useAskPages } from "../../data/ask.ts";
import { saveText } from "../../data/download.ts";
import { permitOf } from "../../data/permit.ts";
import { type ChangeFilters, paths } from "../../paths.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { Link, useGo } from "../../ui/link.tsx";
import { Blank, ProblemNotice } from "../../ui/notices.tsx";
import { LoadingLines, Page, WholeProblem } from "../../ui/page.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { COLUMNS, type Column, columnsOf } from "./columns.tsx";
import { csvOf } from "./csv.ts";
import { Filters } from "./filters.tsx";
import { Cards, type Choosing, Table, useRowKeys } from "./list.tsx";
import { SearchBox } from "./search-box.tsx";
import { allToggled, NOTHING, toggled } from "./selection.ts";
import { ViewTabs } from "./view-tabs.tsx";
import { ALL, addressOf, filterCount, openingView } from "./views.ts";
import "./changes.css";

const route = getRouteApi("/changes");

/** Where is that change? The list of changes, searched and filtered by its address. */
export default function ChangesPage() {
  const search = route.useSearch();
  const { columns: named, view: _view, ...asked } = search;
  const go = useGo();
  const phone = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  const [filtersShown, { toggle: toggleFilters }] = useDisclosure(false);
  const saved = useAsk("savedViews.list");
  const views = saved.data?.items ?? [];
  const first = openingView(search, views);
  // An address that asks for nothing waits until it is known whether a view opens first, so that nothing else is shown before it.
  const opening = first !== undefined || (saved.isPending && Object.keys(search).length === 0);
  const order = asked.order === "oldest" ? asked.order : undefined;
  const list = useAskPages("changes.list", { query: { ...asked, order, limit: 50 } }, { when: !opening, keep: true });
  const columns = columnsOf(named);
  const filtered = filterCount(search);
  const { choosing, chosen, keep } = useChoosing(list.items);
  const opens = first && paths.changes(addressOf(first));
  useEffect(() => {
    if (opens) go(opens, { replace: true });
  }, [opens, go]);
  const set = (changed: ChangeFilters) => {
    const view = search.view ?? (views.some((one) => one.default) ? ALL : undefined);
    go(paths.changes({ ...search, view, ...changed }), { replace: true });
  };
  useRowKeys(choosing.toggle);
  return (
    <Page title="Changes" action={<NewChange />}>
      <ViewTabs views={views} search={search} />
      <div className="list-tools">
        <SearchBox q={search.q ?? ""} search={(q) => set({ q: q.trim() })} />
        <Group gap={8} wrap="nowrap">
          <Button
            variant="default"
            size="xs"
            hiddenFrom="sm"
            leftSection={<IconFilter size={16} aria-hidden />}
            onClick={toggleFilters}
            aria-expanded={filtersShown}
          >
            Filters{filtered > 0 ? ` (${filtered})` : ""}
          </Button>
          <Group gap={8} visibleFrom="sm" wrap="nowrap">
            <ColumnMenu shown={columns} set={(ids) => set({ columns: ids.join(",") })} />
            <Button
              variant="default"
              size="xs"
              leftSection={<IconDownload size={15} aria-hidden />}
              disabled={list.items.length === 0}
              onClick={() => saveText("changes.csv", "text/csv;charset=utf-8", csvOf(columns, list.items))}
            >
              CSV
            </Button>
          </Group>
        </Group>
      </div>
      <div className="list-filters">
        {phone ? (
          <Collapse expanded={filtersShown}>
            <Filters filters={search} set={set} />
          </Collapse>
        ) : (
          <Filters filters={search} set={set} />
        )}
      </div>
      <p className="only-read" role="status">
        {list.isPending || list.isPlaceholderData ? "" : countOf(list.items.length, list.hasNextPage)}
      </p>
      <div className={list.isPlaceholderData ? "list-waits" : undefined} aria-busy={list.isPlaceholderData}>
        <List
          list={list}
          phone={phone === true}
          columns={columns}
          filtered={filtered > 0}
          oldest={order !== undefined}
          choosing={choosing}
        />
      </div>
      {!phone && <BulkBar chosen={chosen} columns={columns} keep={keep} />}
    </Page>
  );
}

/** Rows of the list that are chosen; what has left the list is chosen no more. */
function useChoosing(changes: ReturnType<typeof useAskPages<"changes.list">>["items"]) {
  const [selection, setSelection] = useState(NOTHING);
  const rows = useRef<readonly string[]>([]);
  rows.current = changes.map(({ id }) => id);
  const toggle = useCallback(
    (id: string, through: boolean) => setSelection((now) => toggled(now, rows.current, id, through)),
    [],
  );
  const choosing: Choosing = {
    ids: selection.ids,
    toggle,
    toggleAll: () => setSelection((now) => allToggled(now, rows.current)),
  };
  return {
    choosing,
    chosen: changes.filter(({ id }) => selection.ids.has(id)),
    keep: (ids: readonly string[]) => setSelection({ ids: new Set(ids), last: undefined }),
  };
}

function List(props: {
  list: ReturnType<typeof useAskPages<"changes.list">>;
  phone: boolean;
  columns: readonly Column[];
  filtered: boolean;
  oldest: boolean;
  choosing: Choosing;
}) {
  const { list, phone, columns, filtered, oldest, choosing } = props;
  const problem = list.error ? problemOf(list.error) : undefined;
  if (list.isPending) return <LoadingLines lines={12} height={26} />;
  if (problem && list.items.length === 0) return <WholeProblem problem={problem} again={() => list.refetch()} />;
  if (list.items.length === 0) return filtered ? <NoneOfThese /> : <NoneYet />;
  return (
    <>
      {problem && <ProblemNotice problem={problem} again={() => list.refetch()} />}
      {phone ? <Cards changes={list.items} /> : <Table changes={list.items} columns={columns} choosing={choosing} />}
      <Group mt="sm" gap="sm">
        <span className="quiet data">
          {countOf(list.items.length, list.hasNextPage)}
          {list.hasNextPage ? (oldest ? ", oldest first" : ", newest first") : ""}
        </span>
        {list.hasNextPage && (
          <Button variant="default" size="xs" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {oldest ? "Show newer changes" : "Show older changes"}
          </Button>
        )}
      </Group>
    </>
  );
}

function countOf(count: number, more: boolean): string {
  return `${count} ${count === 1 ? "change" : "changes"}${more ? " so far" : ""}`;
}

function NewChange() {
  const { data: me } = useAsk("me");
  const go = useGo();
  return (
    <ActButton permit={permitOf(me, "change.create")} onClick={() => go(paths.newChange())}>
      New change
    </ActButton>
  );
}

function NoneYet() {
  return (
    <Blank title="No changes yet" action={<NewChange />}>
      A change says what is to happen to the data, carries the migration that does it, and goes through approval and
      rehearsal before it is deployed.
    </Blank>
  );
}

function NoneOfThese() {
  return (
    <Blank title="No change is like that" action={<Link href={paths.changes({ view: ALL })}>Show all changes</Link>}>
      Take a word or a filter away, or clear them all.
    </Blank>
  );
}

function ColumnMenu({ shown, set }: { shown: readonly Column[]; set: (ids: readonly string[]) => void }) {
  const ids = shown.map(({ id }) => id);
  return (
    <Menu closeOnItemClick={false} position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<IconColumns3 size={15} aria-hidden />}>
          Columns
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {COLUMNS.map(({ id, title }) => (
          <Menu.Item
            key={id}
            role="menuitemcheckbox"
            aria-checked={ids.includes(id)}
            disabled={id === "title"}
            onClick={() => set(ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id])}
            leftSection={<Checkbox.Indicator checked={ids.includes(id)} size="xs" />}
          >
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
