import { Tooltip } from "@mantine/core";
import { useSyncExternalStore } from "react";

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "long" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const UNITS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

/**
 * A moment as people say it ("3 hours ago"), with the exact one in the viewer's zone on hover, focus and touch.
 * In long lists `still` keeps it out of the order of the tab key.
 */
export function Ago({ at, still = false }: { at: string; still?: boolean }) {
  const now = useNow();
  return (
    <Tooltip label={exact.format(new Date(at))} withArrow>
      <time dateTime={at} {...(still ? {} : { tabIndex: 0 })} style={{ whiteSpace: "nowrap" }}>
        {agoInWords(at, now)}
      </time>
    </Tooltip>
  );
}

/** How far a moment is from another, in words: "just now", "2 days ago", "in 3 hours". `now` in milliseconds. */
export function agoInWords(at: string, now: number): string {
  const seconds = (Date.parse(at) - now) / 1000;
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  return unit ? relative.format(Math.round(seconds / unit[1]), unit[0]) : "just now";
}

/** How long something took: "340 ms", "4.2 s", "3 min 5 s". Both RFC 3339; the end may be in the future. */
export function spanInWords(from: string, to: string): string {
  const ms = Date.parse(to) - Date.parse(from);
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The time in milliseconds, moving on twice a minute; one clock for all that show it. */
export function useNow(): number {
  return useSyncExternalStore(listen, () => now);
}

function listen(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const tell of listeners) tell();
    }, 30_000);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}
