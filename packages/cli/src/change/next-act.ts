import type { Page } from "../output/page.ts";
import { oneLine } from "../output/plain-text.ts";
import type { Change, Step } from "./change-types.ts";

/** Acts that move a change forward and the line that does each; what comes after the colon of an act is its environment. */
const FORWARD: Readonly<Record<string, (change: Change, environment: string) => string | undefined>> = {
  submit: ({ number }) => `submit ${number}`,
  assess: ({ number, assessment }) => (assessment ? undefined : `assess ${number} --impact="…"`),
  "complete-steps": (change) => {
    const [step] = openSteps(change);
    return step && `step complete ${change.number} ${step.id}`;
  },
  vote: ({ number, approvals }) => (approvals.every(({ met }) => met) ? undefined : `approve ${number}`),
  deploy: ({ number }, environment) => `deploy ${number} --environment=${environment}`,
  close: ({ number }) => `close ${number}`,
  rework: ({ number, status }) => (STUCK.has(status) ? `rework ${number} --reason="…"` : undefined),
};

/** Statuses from which taking a change back to work is the way forward. */
const STUCK = new Set<Change["status"]>(["rejected", "failed", "rolled_back"]);

/** Refusals that only say that there is nothing to be done. */
const NOTHING_TO_DO = new Set(["NO_OPEN_STEP", "ALREADY_DEPLOYED", "CHANGE_OVER", "WRONG_STAGE"]);

/** Steps that people still have to complete, of the current stage and those before it. */
export function openSteps(change: Change): readonly Step[] {
  const last = change.steps.findLastIndex(({ stage }) => stage === change.stage);
  return change.steps.slice(0, last + 1).filter((step) => !step.completed && !step.automatic);
}

/** The one thing to do next: the first act that the server allows, in its order; else what is awaited and why. */
export function nextAct(change: Change, page: Page): string[] {
  const { colours, signs } = page;
  const forward = change.acts.flatMap((act) => {
    const [name = "", environment = ""] = act.act.split(":");
    const line = Object.hasOwn(FORWARD, name) ? FORWARD[name]!(change, environment) : undefined;
    return line ? [{ ...act, name, line }] : [];
  });
  const [next, other] = forward.filter(({ allowed }) => allowed);
  if (next) {
    const step = next.name === "complete-steps" ? `  ${oneLine(openSteps(change)[0]!.title)}` : "";
    return [
      `${colours.bold("next:")} ${colours.cyan(`change-mgmt ${next.line}`)}${step}`,
      ...(other ? [`  or: ${colours.cyan(`change-mgmt ${other.line}`)}`] : []),
    ];
  }
  const blocked = forward.find(({ code }) => !NOTHING_TO_DO.has(code ?? ""));
  if (!blocked) return [];
  const code = blocked.code ? colours.dim(` [${blocked.code}]`) : "";
  const reason = blocked.reason ? ` ${signs.dot} ${blocked.reason}` : "";
  return [
    `${colours.bold("next:")} ${blocked.act.replace(/-/g, " ").replace(":", " to ")}, but not now or not by you${reason}${code}`,
    ...(blocked.hint ? [`      hint: ${blocked.hint}`] : []),
  ];
}
