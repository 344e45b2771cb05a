/** The words of a number pattern: `{yyyy}` and `{seq}` or `{seq:<digits>}`. */
export const PLACEHOLDER = /\{(yyyy|seq(?::(\d+))?)\}/g;

/** Whether a pattern has exactly one sequence and no other braces. */
export function isNumberPattern(pattern: string): boolean {
  const sequences = [...pattern.matchAll(PLACEHOLDER)].filter((match) => match[1] !== "yyyy");
  return sequences.length === 1 && !/[{}]/.test(pattern.replace(PLACEHOLDER, ""));
}
