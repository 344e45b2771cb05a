/** Rows chosen by their ids, and the one chosen last, from which shift chooses on. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly last: string | undefined;
}

export const NOTHING: Selection = { ids: new Set(), last: undefined };

/** A row is chosen, or not any more; with `through` all rows from the last one to it become what it becomes. */
export function toggled(selection: Selection, rows: readonly string[], id: string, through: boolean): Selection {
  const ids = new Set(selection.ids);
  const chosen = !ids.has(id);
  const [from, to] = [rows.indexOf(selection.last ?? id), rows.indexOf(id)];
  const touched = through && from >= 0 && to >= 0 ? rows.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
  for (const row of touched) {
    if (chosen) ids.add(row);
    else ids.delete(row);
  }
  return { ids, last: id };
}

/** All rows are chosen, or none when all were. */
export function allToggled(selection: Selection, rows: readonly string[]): Selection {
  return rows.every((row) => selection.ids.has(row)) ? NOTHING : { ids: new Set(rows), last: undefined };
}
