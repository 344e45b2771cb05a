import { DEFAULT_LIMITS } from "./default-limits.ts";
import { type EmbeddedBase, isKept } from "./embedded-source.ts";
import type { Doing } from "./process-messages.ts";
import type { RehearsalLimits } from "./report.ts";
import { runTask } from "./run-task.ts";

/** Up to so many files an engine that is compiled well never earns the time that takes. */
const FEW_FILES = 5;

/**
 * Sees to it that the state of a base is in the cache. What is missing is run in a process of its own, within the limits of a rehearsal,
 * so that opening the state runs nothing of it. Null, or why it cannot be had, in a sentence with its place.
 */
export async function buildBase(wanted: EmbeddedBase, limits: RehearsalLimits = {}): Promise<string | null> {
  if (await isKept(wanted)) return null;
  const { base, major, cacheFolder } = wanted;
  const task = {
    base,
    migrations: [],
    cacheFolder,
    seedRows: false,
    propose: false,
    keepState: false,
    passing: base.length <= FEW_FILES,
    engine: { kind: "embedded", major },
  } as const;
  let unbuilt: string | null = null;
  let doing: Doing | null = null;
  const end = await runTask(task, { ...DEFAULT_LIMITS, ...limits }, undefined, (message) => {
    if (message.type === "unbuilt") unbuilt = message.reason;
    if (message.type === "doing") doing = message.doing;
  });
  return end === null ? unbuilt : `${placeOf(doing)}${end.reason}`;
}

function placeOf(doing: Doing | null): string {
  return doing === null ? "" : `${doing.what}${doing.line === null ? "" : ` line ${doing.line}`}: `;
}
