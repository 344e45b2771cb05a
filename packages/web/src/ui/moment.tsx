import { Tooltip } from "@mantine/core";
import { agoInWords, useNow } from "./ago.tsx";

const STAMP = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/;
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

/** The server's words, in which moments in UTC are said in the viewer's zone and how far off they are: "Try again after 14:05 (in 15 minutes)". */
export function Told({ text }: { readonly text: string }) {
  return text.split(new RegExp(`(${STAMP.source})`)).map((part, at) =>
    // Every second part is what the split found.
    at % 2 === 1 ? <Moment key={`${at}${part}`} at={part} /> : part,
  );
}

function Moment({ at }: { readonly at: string }) {
  const now = useNow();
  return (
    <Tooltip label={exact.format(new Date(at))} withArrow>
      <time dateTime={at}>{momentInWords(at, now)}</time>
    </Tooltip>
  );
}

/** A moment with how far it is from `now`, in milliseconds: "14:05 (in 15 minutes)", with its day where that is another. `zone` is the viewer's unless given. */
export function momentInWords(at: string, now: number, zone?: string, locale?: string): string {
  const format = (moment: number, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, ...(zone === undefined ? {} : { timeZone: zone }) }).format(moment);
  const moment = Date.parse(at);
  const day = (of: number) => format(of, { dateStyle: "medium" });
  const time = format(moment, { timeStyle: "short" });
  const said = day(moment) === day(now) ? time : `${day(moment)}, ${time}`;
  return `${said} (${agoInWords(at, now)})`;
}
