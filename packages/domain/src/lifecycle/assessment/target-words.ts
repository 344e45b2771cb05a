const UNITS = ["bytes", "kB", "MB", "GB", "TB", "PB"] as const;

/** A size such as "1.2 GB", by powers of a thousand. */
export function bytesText(bytes: number): string {
  let [amount, unit] = [bytes, 0];
  while (amount >= 1000 && unit < UNITS.length - 1) [amount, unit] = [amount / 1000, unit + 1];
  return `${short(amount)} ${UNITS[unit]}`;
}

/** A count such as "1,200,000", three digits of it exact. */
export function countText(count: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 2);
  return String(Math.round(count / step) * step).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A time such as "moments", "40 s", "3 min" or "2.5 h". */
export function secondsText(seconds: number): string {
  if (seconds < 1) return "moments";
  if (seconds < 60) return `${short(seconds)} s`;
  return seconds < 3600 ? `${short(seconds / 60)} min` : `${short(seconds / 3600)} h`;
}

/** A range of times with a known end. */
export function rangeText({ least, most }: { readonly least: number; readonly most: number | null }): string {
  const [from, to] = [secondsText(least), secondsText(most ?? least)];
  return from === to ? from : `${from} to ${to}`;
}

/** How many a second, or that nobody knows. */
export function rateText(rate: number | null): string {
  if (rate === null) return "an unknown number of";
  return rate > 0 && rate < 0.1 ? "less than 0.1" : short(rate);
}

/** "a", "a and b", "a, b and c". */
export function listText(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

function short(amount: number): string {
  return amount < 10 ? String(Math.round(amount * 10) / 10) : countText(Math.round(amount));
}
