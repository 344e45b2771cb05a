/** A value of a process as lines of words: a member a line, what belongs to it indented by its depth. */
export interface SaidLine {
  readonly depth: number;
  readonly text: string;
}

/** What a value says; nothing for undefined, null and what is empty. */
export function linesOf(value: unknown, depth = 0): readonly SaidLine[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "object") return [{ depth, text: wordOf(value) }];
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== "object")) {
      return value.length === 0 ? [] : [{ depth, text: value.map(wordOf).join(", ") }];
    }
    return value.flatMap((one) => {
      const [first, ...more] = linesOf(one, depth);
      return first === undefined ? [] : [{ ...first, text: `– ${first.text}` }, ...more];
    });
  }
  return Object.entries(value).flatMap(([name, one]) => {
    const said = linesOf(one, depth + 1);
    const words = name.replace(/([A-Z])/g, " $1").toLowerCase();
    if (said.length === 0) return [];
    if (said.length === 1 && said[0]!.depth === depth + 1) return [{ depth, text: `${words}: ${said[0]!.text}` }];
    return [{ depth, text: `${words}:` }, ...said];
  });
}

/** Of two things only the members that they say otherwise; of anything else both whole. */
export function apart(before: unknown, after: unknown): readonly [unknown, unknown] {
  if (!isThing(before) || !isThing(after)) return [before, after];
  const differing = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const kept = (thing: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(differing.flatMap((name) => (name in thing ? [[name, thing[name]]] : [])));
  return [kept(before), kept(after)];
}

function isThing(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wordOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}
