import { catalogue } from "../catalogue.ts";
import type { Context } from "../context.ts";
import { plainText } from "../output/plain-text.ts";
import { SHELLS } from "./scripts.ts";

/** Nobody waits longer than this for a key press to answer, in milliseconds. */
const PATIENCE = 800;

type Fetch = (context: Context, signal: AbortSignal, operands: readonly string[]) => Promise<readonly string[]>;

/** Names that only the server knows, by what the argument or the option's value is called. */
const FETCHERS: Readonly<Record<string, Fetch>> = {
  change: async ({ client }, signal) => {
    const { items } = await client("changes.list", { query: { active: "true", limit: 100 }, signal });
    return items.map(({ number }) => number);
  },
  step: async ({ client }, signal, [id]) => {
    if (!id) return [];
    const { steps } = await client("changes.get", { params: { id }, signal });
    return steps.filter((step) => !step.completed && !step.automatic).map((step) => step.id);
  },
  attachment: async ({ client }, signal, [id]) => {
    if (!id) return [];
    const { items } = await client("changes.attachments", { params: { id }, signal });
    return items.filter(({ removed }) => removed === null).map((attachment) => attachment.id);
  },
  environment: async ({ client }, signal) => {
    const { items } = await client("environments.list", { signal });
    return items.map(({ name }) => name);
  },
  team: async ({ client }, signal) => {
    const { items } = await client("teams.list", { signal });
    return items.map(({ name }) => name);
  },
  process: async ({ client }, signal) => {
    const { items } = await client("processes.list", { signal });
    return items.map(({ name }) => name);
  },
  type: async ({ client }, signal) => {
    const { items } = await client("processes.list", { signal });
    return [...new Set(items.flatMap(({ types }) => types.map(({ id }) => id)))];
  },
};

/** Names for an argument or a value; none when it is free text, and none when the server is silent or says no. */
export async function knownNames(
  context: Context,
  what: string | undefined,
  operands: readonly string[],
): Promise<readonly string[]> {
  if (what === "shell") return SHELLS;
  if (what === "command")
    return catalogue.filter(({ hidden }) => !hidden).map(({ path }) => path.split(" ")[operands.length] ?? "");
  const fetchNames = what !== undefined && Object.hasOwn(FETCHERS, what) ? FETCHERS[what] : undefined;
  if (!fetchNames) return [];
  try {
    return (await fetchNames(context, AbortSignal.timeout(PATIENCE), operands)).map(plainText);
  } catch {
    // A completion that fails must not write into the line being typed; the command itself will say what is wrong.
    return [];
  }
}
