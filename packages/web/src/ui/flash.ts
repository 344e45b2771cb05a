import { type RefObject, useEffect, useRef } from "react";
import { flashing, type Said } from "./flashing.ts";

/**
 * Flashes once what changed while it was shown: each element below the ref that carries `data-flash` with a key of `said`, whenever what is
 * said under that key becomes another. With `fresh` an entry that appears flashes too. Motion is as the person's settings want it.
 */
export function useFlash<E extends HTMLElement>(said: Said, { fresh = false } = {}): RefObject<E | null> {
  const within = useRef<E>(null);
  const before = useRef<Said>(undefined);
  useEffect(() => {
    for (const key of flashing(before.current, said, fresh)) {
      for (const element of within.current?.querySelectorAll(`[data-flash="${CSS.escape(key)}"]`) ?? []) flash(element);
    }
    before.current = said;
  });
  return within;
}

function flash(element: Element): void {
  element.classList.remove("flash");
  // Reading the size lets the animation begin anew.
  element.getBoundingClientRect();
  element.classList.add("flash");
  element.addEventListener("animationend", () => element.classList.remove("flash"), { once: true });
}
