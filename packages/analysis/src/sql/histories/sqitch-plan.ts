/** A change as sqitch.plan lists it; `script` names its files, without the folder and `.sql`. */
export interface PlannedChange {
  readonly name: string;
  readonly script: string;
}

/**
 * The changes of a sqitch.plan, in order. A change that is planned again is a rework: the files of the earlier one are then named
 * after the tag that follows it.
 */
export function readSqitchPlan(text: string): PlannedChange[] {
  const changes: { name: string; script: string; tag: string | null }[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === "" || line.startsWith("%") || line.startsWith("#")) continue;
    const word = /^\S+/.exec(line)![0];
    if (word.startsWith("@")) {
      for (const change of changes) change.tag ??= word;
      continue;
    }
    // A plan may write + before what it deploys.
    const name = word === "+" ? (line.split(/\s+/)[1] ?? "") : word.replace(/^\+/, "");
    const earlier = changes.findLast((change) => change.name === name);
    if (earlier?.tag) earlier.script = `${name}${earlier.tag}`;
    changes.push({ name, script: name, tag: null });
  }
  return changes.map(({ name, script }) => ({ name, script }));
}
