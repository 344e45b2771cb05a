import { compareText } from "./source-tree.ts";

/** The digits a name begins with, or null. */
export function leadingDigits(name: string): string | null {
  return /^\d+/.exec(name)?.[0] ?? null;
}

/** Orders names by the number they begin with and then by text; names without a number come last. */
export function byNumber(a: string, b: string): number {
  const [x, y] = [leadingDigits(a), leadingDigits(b)];
  if (x === null || y === null) return x === y ? compareText(a, b) : x === null ? 1 : -1;
  return compareNumbers(x, y) || compareText(a, b);
}

/** Compares two whole numbers written in digits, of any length. */
export function compareNumbers(a: string, b: string): number {
  const [x, y] = [a.replace(/^0+(?=\d)/, ""), b.replace(/^0+(?=\d)/, "")];
  return x.length - y.length || compareText(x, y);
}

/** Compares versions by their parts, which dots or underscores divide: 1.10 comes after 1.9. */
export function compareDotted(a: string, b: string): number {
  const [x, y] = [a.split(/[._]/), b.split(/[._]/)];
  for (let part = 0; part < Math.max(x.length, y.length); part++) {
    const difference = compareNumbers(x[part] || "0", y[part] || "0");
    if (difference !== 0) return difference;
  }
  return 0;
}
