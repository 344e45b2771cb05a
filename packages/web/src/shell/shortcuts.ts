import { useEffect } from "react";
import { useGo } from "../ui/link.tsx";
import { NAVIGATION } from "./navigation.ts";

/** Milliseconds within which the second key of a shortcut must follow. */
const PAUSE = 1200;

/** `g` and a letter go to a page, `?` tells of all keys. Nothing happens while somebody writes or a dialog is open. */
export function useShortcuts(openHelp: () => void): void {
  const go = useGo();
  useEffect(() => {
    let began = 0;
    const onKey = (event: KeyboardEvent) => {
      if (!isFree(event)) return;
      if (event.key === "g") {
        began = event.timeStamp;
        return;
      }
      if (event.key === "?") {
        event.preventDefault();
        openHelp();
        return;
      }
      const entry = NAVIGATION.find(({ key }) => key === event.key);
      if (entry && began > 0 && event.timeStamp - began < PAUSE) {
        event.preventDefault();
        go(entry.href);
      }
      began = 0;
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [go, openHelp]);
}

/** Whether a key is nobody else's: no modifier, not typed into a field, no dialog or menu open. */
export function isFree(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return false;
  const at = event.target as HTMLElement;
  if (at.closest("input, textarea, select, [contenteditable], [role=menu], [role=listbox]")) return false;
  return document.querySelector("[role=dialog]") === null;
}
