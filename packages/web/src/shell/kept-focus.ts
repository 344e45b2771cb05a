import { useEffect } from "react";

/** Milliseconds in which a dialog that closes gives the focus back by itself. */
const PAUSE = 60;

/**
 * Keeps the keyboard's place in the page: when what had the focus goes away, the nearest part of the page around it gets it, and
 * what was switched off while the server answered gets it back. Who points at nothing on purpose is left alone.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    /** What had the focus last and what it stood in, innermost first; below it the same for the page, while a dialog is open. */
    let around: readonly HTMLElement[] = [];
    let aroundOnPage: readonly HTMLElement[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onFocus = ({ target }: FocusEvent) => {
      around = chainOf(target as HTMLElement);
      if (around.some(({ tagName }) => tagName === "MAIN")) aroundOnPage = around;
    };
    const onPoint = () => {
      around = [];
      aroundOnPage = [];
    };
    const restore = () => {
      if (!isLost() || around.length === 0) return;
      const had = around[0]!;
      if (had.isConnected && had.matches(":disabled")) return;
      const place = [...around, ...aroundOnPage].find((one, at) => one.isConnected && (at === 0 || holdsPlace(one)));
      if (!place) return;
      if (place !== had && !place.hasAttribute("tabindex")) place.tabIndex = -1;
      place.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(() => {
      if (!isLost() || around.length === 0) return;
      clearTimeout(timer);
      timer = setTimeout(restore, PAUSE);
    });
    addEventListener("focusin", onFocus);
    addEventListener("pointerdown", onPoint, true);
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
    return () => {
      removeEventListener("focusin", onFocus);
      removeEventListener("pointerdown", onPoint, true);
      observer.disconnect();
      clearTimeout(timer);
    };
  }, []);
}

function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** Whether a part of the page says what it is, so that somebody who hears it knows where they are. */
function holdsPlace(element: HTMLElement): boolean {
  return element.tagName === "MAIN" || element.matches("section[aria-label], form[aria-label], [role=dialog]");
}

function chainOf(element: HTMLElement): readonly HTMLElement[] {
  const chain: HTMLElement[] = [];
  for (let one: HTMLElement | null = element; one && one !== document.body; one = one.parentElement) chain.push(one);
  return chain;
}
