import type { Page } from "../output/page.ts";
import { oneLine } from "../output/plain-text.ts";
import type { Change, Step } from "./change-types.ts";

/** Acts that move a change forward, in the order they are proposed, and the line that does each. */
const FORWARD: readonly (readonly [act: string, line: (change: Change) => string])[] = [
  ["submit", ({ number }) => `submit ${number}`],
  ["assess", ({ number }) => `assess ${number} --impact="…"`],
  ["complete-step", (change) => `step complete ${change.number} ${openSteps(change)[0]!.id}`],
  ["approve", ({ number }) => `approve ${number}`],
  ["vote", ({ number }) => `approve ${number}`],
  ["deploy", (change) => `deploy ${change.number} --environment=${nextEnvironment(change)}`],
  ["close", ({ number }) => `close ${number}`],
  ["rework", ({ number }) => `rework ${number} --reason="…"`],
];

/** Steps of the current stage that people still have to complete. */
export function openSteps(change: Change): readonly Step[] {
  return change.steps.filter((step) => step.stage === change.stage && !step.completed && !step.automatic);
}

/** The one thing to do next, as the server's acts allow it; else what is awaited and why. */
export function nextAct(change: Change, page: Page): string[] {
  const { colours, signs } = page;
  const [step] = openSteps(change);
  const mayBeNext = ([name]: (typeof FORWARD)[number]) => {
    const act = change.acts.find((one) => one.act === name);
    if (name !== "complete-step") return act?.allowed === true;
    return step !== undefined && act?.allowed !== false;
  };
  const next = FORWARD.find(mayBeNext);
  if (next) {
    const line = colours.cyan(`change-mgmt ${next[1](change)}`);
    return [`${colours.bold("next:")} ${line}${next[0] === "complete-step" ? `  ${oneLine(step!.title)}` : ""}`];
  }
  const blocked = FORWARD.map(([name]) => change.acts.find((one) => one.act === name)).find((act) => act !== undefined);
  if (!blocked) return [];
  const code = blocked.code ? colours.dim(` [${blocked.code}]`) : "";
  const reason = blocked.reason ? ` ${signs.dot} ${blocked.reason}` : "";
  return [
    `${colours.bold("next:")} ${blocked.act.replaceAll("-", " ")}, but not now or not by you${reason}${code}`,
    ...(blocked.hint ? [`      hint: ${blocked.hint}`] : []),
  ];
}

function nextEnvironment({ environments }: Change): string {
  return (
    environments.find(({ state }) => state !== "deployed")?.environment ??
    environments.at(-1)?.environment ??
    "<environment>"
  );
}
