import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight, type SpotlightActionGroupData, spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useState, useSyncExternalStore } from "react";
import { useAsk } from "../data/ask.ts";
import { paths } from "../paths.ts";
import { useGo } from "../ui/link.tsx";
import { NAVIGATION } from "./navigation.ts";

/** An act that a page offers to the palette while it is shown. */
export interface PaletteAct {
  readonly id: string;
  readonly title: string;
  readonly run: () => void;
}

let offered: readonly PaletteAct[] = [];
const listeners = new Set<() => void>();

/** Puts acts of the page at hand into the palette; the function returned takes them out again. For an effect of that page. */
export function offerActs(acts: readonly PaletteAct[]): () => void {
  const set = (next: readonly PaletteAct[]) => {
    offered = next;
    for (const tell of listeners) tell();
  };
  set(acts);
  return () => set([]);
}

/** Opens the palette. */
export const openPalette = spotlight.open;

const PAUSE_MS = 200;

/** The palette of Ctrl-K: acts of the page at hand, pages, saved views, and changes by whatever stands in them. */
export function Palette({ openHelp }: { readonly openHelp: () => void }) {
  const go = useGo();
  const [opened, setOpened] = useState(false);
  const [query, setQuery] = useState("");
  const [q] = useDebouncedValue(query.trim(), PAUSE_MS);
  const changes = useAsk("changes.list", { query: { limit: 8, ...(q ? { q } : {}) } }, { when: opened });
  const views = useAsk("savedViews.list", {}, { when: opened });
  const acts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => offered,
  );
  const groups: SpotlightActionGroupData[] = [
    { group: "On this page", actions: acts.map(({ id, title, run }) => ({ id, label: title, onClick: run })) },
    {
      group: "Pages",
      actions: NAVIGATION.map(({ title, href, keywords, icon: Icon }) => ({
        id: href,
        label: title,
        keywords: [...keywords],
        leftSection: <Icon size={18} aria-hidden />,
        onClick: () => go(href),
      })),
    },
    {
      group: "Help",
      actions: [{ id: "keys", label: "Keyboard shortcuts", keywords: ["keys", "help", "?"], onClick: openHelp }],
    },
    {
      group: "Saved views",
      actions: (views.data?.items ?? []).map(({ id, name, owner, filters }) => ({
        id,
        label: name,
        description: `A view by ${owner}`,
        keywords: ["view", "changes"],
        onClick: () => go(paths.changes({ ...filters, view: id })),
      })),
    },
    {
      group: "Changes",
      actions: (changes.data?.items ?? []).map(({ number, title, stageTitle, match }) => ({
        id: number,
        label: `${number} ${title}`,
        description: match && match.place !== "title" && match.place !== "number" ? match.text : stageTitle,
        // The server found them in more than their names; this keeps the palette from leaving them out.
        keywords: [q],
        onClick: () => go(paths.change(number)),
      })),
    },
  ];
  return (
    <Spotlight
      shortcut={["mod + K"]}
      actions={groups.filter(({ actions }) => actions.length > 0)}
      query={query}
      onQueryChange={setQuery}
      nothingFound={changes.isPending || q !== query.trim() ? "Reading the changes…" : "Nothing is found by that."}
      limit={20}
      scrollable
      maxHeight={420}
      onSpotlightOpen={() => setOpened(true)}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: "A page, words of a change, something to do",
        "aria-label": "A page, words of a change, something to do",
      }}
    />
  );
}
