import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight, spotlight } from "@mantine/spotlight";
import { useState, useSyncExternalStore } from "react";
import { useAsk } from "../data/ask.ts";
import { paths } from "../paths.ts";
import { useGo } from "../ui/link.tsx";
import { NAVIGATION } from "./navigation.ts";
import { type EntryGroup, found } from "./palette-entries.ts";
import { PaletteList } from "./palette-list.tsx";

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
const SHOWN = 20;

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
  const groups: readonly EntryGroup[] = [
    { title: "On this page", entries: acts.map(({ id, title, run }) => ({ id, label: title, run })) },
    {
      title: "Pages",
      entries: NAVIGATION.map(({ title, href, keywords, icon: Icon }) => ({
        id: href,
        label: title,
        keywords,
        icon: <Icon size={18} aria-hidden />,
        run: () => go(href),
      })),
    },
    {
      title: "Help",
      entries: [{ id: "keys", label: "Keyboard shortcuts", keywords: ["keys", "help", "?"], run: openHelp }],
    },
    {
      title: "Saved views",
      entries: (views.data?.items ?? []).map(({ id, name, owner, filters }) => ({
        id,
        label: name,
        description: `A view by ${owner}`,
        keywords: ["view", "changes"],
        run: () => go(paths.changes({ ...filters, view: id })),
      })),
    },
    {
      title: "Changes",
      entries: (changes.data?.items ?? []).map(({ number, title, stageTitle, match }) => ({
        id: number,
        label: `${number} ${title}`,
        description: match && match.place !== "title" && match.place !== "number" ? match.text : stageTitle,
        // The server found them in more than their names; this keeps the palette from leaving them out.
        keywords: [q],
        run: () => go(paths.change(number)),
      })),
    },
  ];
  return (
    <Spotlight.Root
      shortcut={["mod + K"]}
      query={query}
      onQueryChange={setQuery}
      onSpotlightOpen={() => setOpened(true)}
      // Opened again at once, it must not be on its way out still: what one types would go to the words of before.
      transitionProps={{ duration: 0 }}
      attributes={{ content: { "aria-label": "Go to" } }}
    >
      <PaletteList
        label="A page, words of a change, something to do"
        query={query}
        setQuery={setQuery}
        groups={found(groups, query, SHOWN)}
        nothing={changes.isPending || q !== query.trim() ? "Reading the changes…" : "Nothing is found by that."}
        choose={({ run }) => {
          spotlight.close();
          run();
        }}
      />
    </Spotlight.Root>
  );
}
