import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { Entry, EntryGroup } from "./palette-entries.ts";
import "./palette.css";

/**
 * A box to write in and what it finds below: a combobox whose focus stays where one writes while the arrows choose. The chosen entry is
 * said to screen readers, Enter or a press runs it.
 */
export function PaletteList(props: {
  readonly label: string;
  readonly query: string;
  readonly setQuery: (query: string) => void;
  readonly groups: readonly EntryGroup[];
  /** What to say where nothing is found. */
  readonly nothing: string;
  readonly choose: (entry: Entry) => void;
}) {
  const { label, query, setQuery, groups, nothing, choose } = props;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const entries = groups.flatMap((group) => group.entries);
  // By its id, so that it stays chosen when others come in before it.
  const [chosen, setChosen] = useState<string>();
  const at = Math.max(
    0,
    entries.findIndex((entry) => entry.id === chosen),
  );
  const current = entries[at];
  const idOf = (entry: Entry) => `${id}-${entry.id}`;
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [current?.id]);
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (event.nativeEvent.isComposing || entries.length === 0) return;
    if (step !== undefined) {
      event.preventDefault();
      setChosen(entries.at((at + step) % entries.length)!.id);
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(current!);
    }
  };
  return (
    <>
      <TextInput
        size="lg"
        role="combobox"
        aria-label={label}
        placeholder={label}
        aria-expanded={entries.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={current && idOf(current)}
        leftSection={<IconSearch size={18} aria-hidden />}
        classNames={{ input: "palette-input" }}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setChosen(undefined);
        }}
        onKeyDown={onKeyDown}
        data-autofocus
      />
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label="What is found"
        className="palette-list"
        tabIndex={-1}
      >
        {groups.map(({ title, entries: own }) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a list
          <div key={title} role="group" aria-labelledby={`${id}-${title}`}>
            <div id={`${id}-${title}`} className="palette-group" role="presentation">
              {title}
            </div>
            {own.map((entry) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the box above
              <div
                key={entry.id}
                id={idOf(entry)}
                role="option"
                tabIndex={-1}
                aria-selected={entry === current}
                className="palette-entry"
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(entry)}
              >
                {entry.icon}
                <span className="palette-words">
                  <span>{entry.label}</span>
                  {entry.description && <span className="quiet data">{entry.description}</span>}
                </span>
              </div>
            ))}
          </div>
        ))}
      </div>
      <p className={entries.length === 0 ? "palette-nothing quiet" : "only-read"} role="status">
        {entries.length === 0 ? nothing : `${entries.length} found`}
      </p>
    </>
  );
}
