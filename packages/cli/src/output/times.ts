const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** How long ago (or how far ahead) an RFC 3339 time is, in words such as "3 minutes ago". */
export function ago(time: string, now: Date): string {
  const seconds = (Date.parse(time) - now.getTime()) / 1000;
  if (Number.isNaN(seconds)) return time;
  const unit = UNITS.find(([, length]) => Math.abs(seconds) >= length);
  if (!unit) return seconds > 0 ? "in a moment" : "just now";
  return new Intl.RelativeTimeFormat("en").format(Math.trunc(seconds / unit[1]), unit[0]);
}

/** An RFC 3339 time as clocks show it in one's own zone, which is named: "2 Mar 2026, 18:00 CET". */
export function moment(time: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(new Date(time));
}

/** A span between two RFC 3339 times, such as "850 ms" or "2 min 5 s". */
export function span(from: string, to: string): string {
  const milliseconds = Math.max(0, Date.parse(to) - Date.parse(from));
  if (milliseconds < 1000) return `${milliseconds} ms`;
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
