/** One instruction of a Containerfile. */
export interface Instruction {
  readonly line: number;
  readonly name: string;
  /** Everything after the name, with continued lines joined. */
  readonly rest: string;
}

/** One stage: what it is built from and what is done in it, in order. */
export interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** Reads the stages of a Containerfile. */
export function readStages(text: string): Stage[] {
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  let continued = "";
  for (const [index, raw] of text.split("\n").entries()) {
    const line = `${continued}${raw}`;
    if (/^\s*(#|$)/.test(line)) continue;
    if (line.endsWith("\\")) {
      continued = `${line.slice(0, -1).trimEnd()} `;
      continue;
    }
    continued = "";
    const [, name = "", rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === "FROM") {
      const [base = "", as] = rest.split(/\s+AS\s+/i);
      stages.push({ base, name: as ?? `stage ${stages.length + 1}`, instructions: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (name === "" || !stage) throw new Error(`line ${index + 1} is no instruction: ${raw}`);
    stage.instructions.push({ line: index + 1, name, rest });
  }
  return stages;
}

/** The words of an instruction in its JSON form; undefined where it is a line for a shell. */
export function wordsOf(rest: string): string[] | undefined {
  const at = rest.indexOf("[");
  return at < 0 ? undefined : (JSON.parse(rest.slice(at)) as string[]);
}

/** The variables that a stage sets. */
export function variablesOf({ instructions }: Stage): Record<string, string> {
  return Object.fromEntries(
    instructions
      .filter(({ name }) => name === "ENV")
      .flatMap(({ rest }) => [...rest.matchAll(/(\w+)=(\S+)/g)].map(([, key, value]) => [key!, value!])),
  );
}
