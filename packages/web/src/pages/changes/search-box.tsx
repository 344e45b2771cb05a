import { CloseButton, Kbd, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { isFree } from "../../shell/shortcuts.ts";

const PAUSE_MS = 250;

/** Where one types what a change is found by; `/` leads to it. What stands in it goes into the address after a short pause. */
export function SearchBox({ q, search }: { readonly q: string; readonly search: (q: string) => void }) {
  const [text, setText] = useState(q);
  const sent = useRef(q);
  const field = useRef<HTMLInputElement>(null);
  const send = useDebouncedCallback((typed: string) => {
    sent.current = typed;
    search(typed);
  }, PAUSE_MS);
  useEffect(() => {
    // The address changed by another way than typing: by a view, a link, or Back.
    if (q === sent.current.trim()) return;
    sent.current = q;
    setText(q);
  }, [q]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || !isFree(event)) return;
      event.preventDefault();
      field.current?.select();
      field.current?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const type = (typed: string) => {
    setText(typed);
    send(typed);
  };
  return (
    <TextInput
      ref={field}
      className="search-box"
      type="search"
      aria-label="Search changes"
      placeholder="Title, description, comments, SQL, number"
      title={'Words, "a phrase", -without'}
      size="sm"
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") send.flush();
        if (event.key === "Escape" && text !== "") {
          event.preventDefault();
          type("");
        }
      }}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text === "" ? (
          <Kbd size="xs" aria-hidden visibleFrom="sm">
            /
          </Kbd>
        ) : (
          <CloseButton size="sm" aria-label="Clear the search" onClick={() => type("")} />
        )
      }
    />
  );
}
