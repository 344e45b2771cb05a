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

/** The palette of Ctrl-K: acts of the page at hand, pages, and changes by number or title. */
export function Palette({ openHelp }: { readonly openHelp: () => void }) {
  const go = useGo();
  const [opened, setOpened] = useState(false);
  const changes = useAsk("changes.list", { query: { limit: 100 } }, { when: opened });
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
      group: "Changes",
      actions: (changes.data?.items ?? []).map(({ number, title, stageTitle }) => ({
        id: number,
        label: `${number} ${title}`,
        description: stageTitle,
        onClick: () => go(paths.change(number)),
      })),
    },
  ];
  return (
    <Spotlight
      shortcut={["mod + K"]}
      actions={groups.filter(({ actions }) => actions.length > 0)}
      nothingFound={changes.isPending ? "Reading the changes…" : "Nothing has such a name."}
      limit={12}
      scrollable
      maxHeight={420}
      onSpotlightOpen={() => setOpened(true)}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: "A page, a change, something to do",
        "aria-label": "A page, a change, something to do",
      }}
    />
  );
}
