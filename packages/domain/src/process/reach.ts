/** Everything reached from the starts by following `next`. */
export function closure(starts: readonly string[], next: (id: string) => readonly string[]): ReadonlySet<string> {
  const reached = new Set(starts);
  for (const id of reached) for (const further of next(id)) reached.add(further);
  return reached;
}
