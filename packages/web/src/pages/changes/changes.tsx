import { Button, Checkbox, Collapse, Group, Menu } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { IconColumns3, IconDownload, IconFilter } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect } from "react";
import { problemOf, useAsk, useAskPages } from "../../data/ask.ts";
import { permitOf } from "../../data/permit.ts";
import type { ChangeSummary } from "../../data/types.ts";
import { type ChangeFilters, paths } from "../../paths.ts";
import { isFree } from "../../shell/shortcuts.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { Ago } from "../../ui/ago.tsx";
import { useFlash } from "../../ui/flash.ts";
import { Link, useGo } from "../../ui/link.tsx";
import { Blank, ProblemNotice } from "../../ui/notices.tsx";
import { LoadingLines, Page, WholeProblem } from "../../ui/page.tsx";
import { StateBadge } from "../../ui/state.tsx";
import { COLUMNS, type Column, columnsOf } from "./columns.tsx";
import { csvOf, download } from "./csv.ts";
import { Filters } from "./filters.tsx";
import "./changes.css";

const route = getRouteApi("/changes");

/** Where is that change? The list of changes, filtered by its address. */
export default function ChangesPage() {
  const { columns: named, ...filters } = route.useSearch();
  const go = useGo();
  const phone = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  const [filtersShown, { toggle }] = useDisclosure(false);
  const list = useAskPages("changes.list", { query: { ...filters, limit: 50 } });
  const columns = columnsOf(named);
  const filtered = Object.keys(filters).length > 0;
  const set = (changed: ChangeFilters) =>
    go(paths.changes({ ...filters, columns: named, ...changed }), { replace: true });
  useRowKeys();
  return (
    <Page title="Changes" action={<NewChange />}>
      <div className="list-tools">
        <Button
          variant="default"
          size="compact-md"
          hiddenFrom="sm"
          leftSection={<IconFilter size={16} aria-hidden />}
          onClick={toggle}
          aria-expanded={filtersShown}
        >
          Filters{filtered ? ` (${Object.keys(filters).length})` : ""}
        </Button>
        {phone ? (
          <Collapse expanded={filtersShown}>
            <Filters filters={filters} set={set} />
          </Collapse>
        ) : (
          <Filters filters={filters} set={set} />
        )}
        <Group gap={8} visibleFrom="sm" wrap="nowrap">
          <ColumnMenu shown={columns} set={(ids) => set({ columns: ids.join(",") })} />
          <Button
            variant="default"
            size="xs"
            leftSection={<IconDownload size={15} aria-hidden />}
            disabled={list.items.length === 0}
            onClick={() => download("changes.csv", "text/csv;charset=utf-8", csvOf(columns, list.items))}
          >
            CSV
          </Button>
        </Group>
      </div>
      <List list={list} phone={phone === true} columns={columns} filtered={filtered} />
    </Page>
  );
}

function List(props: {
  list: ReturnType<typeof useAskPages<"changes.list">>;
  phone: boolean;
  columns: readonly Column[];
  filtered: boolean;
}) {
  const { list, phone, columns, filtered } = props;
  const problem = list.error ? problemOf(list.error) : undefined;
  if (list.isPending) return <LoadingLines lines={12} height={26} />;
  if (problem && list.items.length === 0) return <WholeProblem problem={problem} again={() => list.refetch()} />;
  if (list.items.length === 0) return filtered ? <NoneOfThese /> : <NoneYet />;
  return (
    <>
      {problem && <ProblemNotice problem={problem} again={() => list.refetch()} />}
      {phone ? <Cards changes={list.items} /> : <Table changes={list.items} columns={columns} />}
      <Group mt="sm" gap="sm">
        <span className="quiet data">
          {list.items.length} {list.items.length === 1 ? "change" : "changes"}
          {list.hasNextPage ? " so far, newest first" : ""}
        </span>
        {list.hasNextPage && (
          <Button variant="default" size="xs" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show older changes
          </Button>
        )}
      </Group>
    </>
  );
}

function Table({ changes, columns }: { changes: readonly ChangeSummary[]; columns: readonly Column[] }) {
  return (
    <section className="section scroll-x" aria-label="Changes">
      <table className="table data">
        <thead>
          <tr>
            {columns.map(({ id, title }) => (
              <th key={id} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={useFlash<HTMLTableSectionElement>(saidOf(changes))}>
          {changes.map((change) => (
            <tr key={change.id} data-flash={change.id}>
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

function Cards({ changes }: { changes: readonly ChangeSummary[] }) {
  return (
    <ul className="cards" ref={useFlash<HTMLUListElement>(saidOf(changes))}>
      {changes.map(({ id, number, title, status, stageTitle, team, requester, breaking, createdAt }) => (
        <li key={id} data-flash={id}>
          <Link href={paths.change(number)} className="card" data-change={number}>
            <span className="card-line">
              <span className="mono quiet">{number}</span>
              <StateBadge state={status} words={stageTitle} />
              {breaking && <StateBadge state="breaking" kind="attention" />}
            </span>
            <strong>{title || "Untitled"}</strong>
            <span className="quiet data">
              {[team, requester].filter(Boolean).join(" · ")} · <Ago at={createdAt} still />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
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
    <Blank title="No change is like that" action={<Link href={paths.changes()}>Show all changes</Link>}>
      Take a filter away, or clear them all.
    </Blank>
  );
}

function ColumnMenu({ shown, set }: { shown: readonly Column[]; set: (ids: readonly string[]) => void }) {
  const ids = shown.map(({ id }) => id);
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
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

/** `j` and `k` move through the rows by focus, so that Enter opens the one that is marked. */
function useRowKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isFree(event) || !["j", "k"].includes(event.key)) return;
      const rows = [...document.querySelectorAll<HTMLElement>("[data-change]")];
      const at = rows.indexOf(document.activeElement as HTMLElement);
      const next = event.key === "j" ? at + 1 : Math.max(at - 1, 0);
      rows[Math.min(next, rows.length - 1)]?.focus();
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
