import type { Colours, Page } from "../output/page.ts";
import { oneLine } from "../output/plain-text.ts";
import { ago, moment } from "../output/times.ts";
import { statusText } from "./change-table.ts";
import type { Change, Comment, Deployment, Step, Validation } from "./change-types.ts";
import { deploymentPage } from "./deployment-page.ts";
import { type Depth, explanationBranches } from "./explanation-tree.ts";
import { nextAct } from "./next-act.ts";
import { onTargetLines } from "./on-target-lines.ts";

/** Everything a page about one change shows. */
export interface ChangeDossier {
  readonly change: Change;
  readonly validation: Validation | null;
  readonly deployments: readonly Deployment[];
  readonly comments: readonly Comment[];
}

/** The page of one change: header, next act, then one block each for what there is to know. */
export function changePage(
  { change, validation, deployments, comments }: ChangeDossier,
  depth: Depth,
  page: Page,
): string[] {
  const blocks = [
    [...header(change, page), "", ...nextAct(change, page)],
    description(change, page),
    assessment(change, page),
    content(change, page),
    checklist(change, page),
    approvals(change, depth, page),
    validationBlock(validation, page),
    environments(change, page),
    deployments[0] ? titled("Latest deployment", deploymentPage(deployments[0], page), page) : [],
    commentBlock(comments, page),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, at) => (at === 0 ? block : ["", ...block]));
}

function header(change: Change, page: Page): string[] {
  const { colours, signs } = page;
  const between = ` ${signs.dot} `;
  const risk = change.facts.risk ?? change.facts.riskLevel;
  return [
    `${colours.bold(change.number)}  ${colours.bold(oneLine(change.title))}`,
    [
      statusText(change.status, colours),
      oneLine(change.stageTitle),
      ...(change.breaking ? [colours.red("breaking")] : ["not breaking"]),
      ...(typeof risk === "string" || typeof risk === "number" ? [`risk ${risk}`] : []),
      `${change.priority} priority`,
    ].join(between),
    [
      `${change.type} (${change.process} v${change.processVersion})`,
      `team ${change.team ?? "not routed yet"}`,
      `requested by ${change.requester} ${ago(change.createdAt, page.now)}`,
      ...(change.assignee ? [`assigned to ${change.assignee}`] : []),
      `updated ${ago(change.updatedAt, page.now)}`,
    ].join(between),
  ];
}

function description({ description: text }: Change, page: Page): string[] {
  return text.trim() ? titled("Description", text.trim().split("\n"), page) : [];
}

function assessment({ assessment: given }: Change, page: Page): string[] {
  if (!given) return [];
  const { dot } = page.signs;
  const summary = [
    given.breaking ? "breaking" : "not breaking",
    `${given.complexity} complexity`,
    ...(given.dependencies.length > 0 ? [`depends on ${given.dependencies.join(", ")}`] : []),
    `${given.by} ${ago(given.at, page.now)}`,
  ].join(` ${dot} `);
  return titled("Impact analysis", [page.colours.dim(summary), ...given.impact.trim().split("\n")], page);
}

function content({ artifacts, contentHash }: Change, page: Page): string[] {
  const { colours } = page;
  const lines = artifactLines(artifacts);
  return titled(
    `Content  ${colours.dim(contentHash)}`,
    lines.length > 0 ? lines : [colours.yellow("nothing to deploy yet: change-mgmt edit --migration=FILE")],
    page,
  );
}

/** What a change carries, an artifact a line. */
export function artifactLines(artifacts: Change["artifacts"]): string[] {
  return artifacts.map((artifact) => {
    if (artifact.kind === "external")
      return `external   ${artifact.name}: ${[artifact.command, ...artifact.arguments].map(oneLine).join(" ")}  (${artifact.id})`;
    if (artifact.kind === "manual")
      return `manual     ${oneLine(artifact.name)}: ${artifact.steps.length} step${artifact.steps.length === 1 ? "" : "s"}  (${artifact.id})`;
    const notes = [
      artifact.down === null ? "no down script" : "with down script",
      ...(artifact.transactional ? [] : ["not in a transaction"]),
    ];
    return `migration  ${oneLine(artifact.name)}: ${notes.join(", ")}  (${artifact.id})`;
  });
}

function checklist({ steps, stage }: Change, page: Page): string[] {
  if (steps.length === 0) return [];
  const done = steps.filter(({ completed }) => completed).length;
  const stages = [...new Set(steps.map((step) => step.stage))];
  const lines = stages.flatMap((one) => [
    one === stage ? page.colours.bold(`${one} ${page.signs.arrow} now`) : page.colours.dim(one),
    ...steps.filter((step) => step.stage === one).flatMap((step) => stepLines(step, page).map((line) => `  ${line}`)),
  ]);
  return titled(`Checklist  ${page.colours.dim(`${done} of ${steps.length} done`)}`, lines, page);
}

function stepLines(step: Step, page: Page): string[] {
  const { colours, signs } = page;
  const title = oneLine(step.title);
  if (step.completed) {
    const { by, at, evidence, notes } = step.completed;
    return [
      `${colours.green(signs.yes)} ${title}  ${colours.dim(`${by} ${ago(at, page.now)}`)}`,
      ...(step.automatic ? [] : evidence).map(({ kind, value, title: named, file }) =>
        colours.dim(
          `    ${kind}: ${named ? `${oneLine(named)} ` : ""}${oneLine(value)}${file ? `  sha-256 ${file.sha256.slice(0, 12)}` : ""}`,
        ),
      ),
      ...(notes ? [colours.dim(`    ${oneLine(notes)}`)] : []),
    ];
  }
  const needs = [
    step.automatic ? "done by the engine" : step.id,
    ...(step.evidenceNeeded.length > 0 ? [`needs ${step.evidenceNeeded.join(" and ")}`] : []),
    ...(step.by.length > 0 ? [`by ${step.by.join(" or ")}`] : []),
  ];
  return [`${colours.dim(signs.open)} ${title}  ${colours.dim(needs.join(` ${signs.dot} `))}`];
}

/** Environments that ask for the same stand together. */
function approvals({ approvals: trees, deadlines }: Change, depth: Depth, page: Page): string[] {
  const { colours, signs } = page;
  const limits = deadlines.map(({ title, dueAt, overdue, escalateTo }) => {
    const when = `${moment(dueAt)} (${ago(dueAt, page.now)})`;
    if (!overdue) return `${colours.yellow("due")} ${oneLine(title)}: by ${when}`;
    return `${colours.red("overdue")} ${oneLine(title)}: was due by ${when}${escalateTo === null ? "" : `; ${escalateTo} was told`}`;
  });
  const groups = Map.groupBy(trees, ({ met, explanation: { reason, children } }) =>
    JSON.stringify([met, reason, children]),
  );
  const lines = [...groups.values()].flatMap((group) => {
    const { met, explanation } = group[0]!;
    const names = colours.bold(group.map(({ environment }) => environment).join(", "));
    const reason = explanation.reason ? colours.dim(` ${signs.dot} ${oneLine(explanation.reason)}`) : "";
    return [
      `${met ? colours.green(signs.yes) : colours.red(signs.no)} ${names}${reason}`,
      ...explanationBranches(explanation, depth, page).map((line) => `  ${line}`),
    ];
  });
  return lines.length > 0 ? titled("Approvals", [...limits, ...lines], page) : [];
}

function validationBlock(validation: Validation | null, page: Page): string[] {
  if (!validation || (validation.checks.length === 0 && validation.rehearsals.length === 0)) return [];
  const { colours } = page;
  const checks = validation.checks.flatMap((check) => [
    `${resultMark(check.result, page)} ${oneLine(check.title)}${check.message ? colours.dim(` ${page.signs.dot} ${oneLine(check.message)}`) : ""}`,
    ...(check.hint && check.result !== "passed" ? [colours.dim(`    hint: ${oneLine(check.hint)}`)] : []),
  ]);
  const rehearsals = validation.rehearsals.map(
    (one) =>
      `${resultMark(one.outcome, page)} rehearsal of ${one.artifact}: ${one.outcome}${rehearsalWords(one.report)}`,
  );
  const targets = validation.targets.flatMap((target) => onTargetLines(target, page));
  return titled(`Validation  ${resultText(validation.result, colours)}`, [...checks, ...rehearsals, ...targets], page);
}

/** What a rehearsal found, as far as its report says it: both ways, the engine, and the strongest thing it does to others. */
function rehearsalWords(report: Readonly<Record<string, unknown>>): string {
  const { rehearsal, engine, statements } = report as RehearsalReport;
  const up = rehearsal?.up && `up ${rehearsal.up.outcome}${because(rehearsal.up.reason)}`;
  const down = rehearsal?.down && `down ${rehearsal.down.outcome}${because(rehearsal.down.reason)}`;
  const data =
    rehearsal?.down?.data === "not-checked"
      ? "data not checked"
      : rehearsal?.down?.data && `data ${rehearsal.down.data}`;
  const exclusive = new Set(
    (statements ?? []).flatMap(({ locks = [] }) =>
      locks.filter(({ mode }) => mode === "AccessExclusiveLock").map(({ relation }) => relation),
    ),
  );
  const parts = [
    up,
    down,
    data,
    exclusive.size > 0 && `locks ${[...exclusive].join(", ")} against everybody`,
    engine?.postgres && `on Postgres ${engine.postgres}`,
  ].filter(Boolean);
  return parts.length > 0 ? `, ${oneLine(parts.join(", "))}` : "";
}

function because(reason: string | null | undefined): string {
  return reason ? ` (${reason})` : "";
}

/** The members of a rehearsal's report that the page shows; any may be missing. */
interface RehearsalReport {
  readonly rehearsal?: {
    readonly up?: { readonly outcome: string; readonly reason?: string | null };
    readonly down?: { readonly outcome: string; readonly reason?: string | null; readonly data?: string };
  };
  readonly engine?: { readonly postgres?: string };
  readonly statements?: readonly { readonly locks?: readonly { readonly relation: string; readonly mode: string }[] }[];
}

function environments({ environments: states, scheduled }: Change, page: Page): string[] {
  if (states.length === 0) return [];
  const width = Math.max(...states.map(({ environment }) => environment.length));
  const lines = states.map(({ environment, state, at }) => {
    const when = at ? page.colours.dim(`  ${ago(at, page.now)}`) : "";
    return `${environment.padEnd(width)}  ${environmentText(state, page.colours)}${when}`;
  });
  const planned = scheduled
    .filter(({ state }) => state !== "begun")
    .map(({ environment, at, by, state, code, message }) =>
      state === "waiting"
        ? `${environment} begins ${moment(at)} (${ago(at, page.now)}), put down by ${by}`
        : page.colours.red(`${environment} should have begun ${moment(at)}: ${oneLine(message ?? "")} [${code}]`),
    );
  return titled("Environments", [...lines, ...planned], page);
}

function environmentText(state: string, colours: Colours): string {
  const words = state.replaceAll("-", " ");
  if (state === "deployed") return colours.green(words);
  if (state === "failed" || state === "rolled-back") return colours.red(words);
  return state === "not-deployed" ? colours.dim(words) : colours.yellow(words);
}

function commentBlock(comments: readonly Comment[], page: Page): string[] {
  return comments.length > 0 ? titled("Comments", commentLines(comments, page), page) : [];
}

/** Comments one after the other, each with author and age. */
export function commentLines(comments: readonly Comment[], page: Page): string[] {
  return comments.flatMap(({ author, at, text, files }) => [
    `${page.colours.bold(author)} ${page.colours.dim(ago(at, page.now))}`,
    ...text
      .trim()
      .split("\n")
      .map((line) => `  ${line}`),
    ...files.map(({ id, name }) => page.colours.dim(`  ${oneLine(name)}  ${id}`)),
  ]);
}

function resultMark(result: string, { colours, signs }: Page): string {
  if (result === "passed") return colours.green(signs.yes);
  return result === "failed" ? colours.red(signs.no) : colours.yellow(signs.waiting);
}

function resultText(result: string, colours: Colours): string {
  if (result === "passed") return colours.green(result);
  return result === "failed" ? colours.red(result) : colours.yellow(result);
}

function titled(title: string, lines: readonly string[], page: Page): string[] {
  return [page.colours.underline(title), ...lines.map((line) => `  ${line}`)];
}
