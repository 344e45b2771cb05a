import { badge, el, loading, refusal, when } from "./elements.js";
import { get } from "./server.js";

const section = (title, ...content) => el("section", {}, el("h2", {}, title), ...content);
const none = (words) => el("p", { class: "quiet" }, words);
const mark = (met) =>
  el(
    "span",
    { class: met ? "good" : "waiting" },
    met ? "✓ " : "○ ",
    el("span", { class: "only-read" }, met ? "met: " : "open: "),
  );

/** One change with everything that is said about it, to read. */
export function changeView(change, deployments) {
  return [
    el("a", { class: "back", href: "#" }, "← All changes"),
    el("p", { class: "quiet" }, el("code", {}, change.number), ` · ${change.type} · ${change.process}`),
    el("h1", {}, change.title),
    el(
      "p",
      { class: "line" },
      badge(change.status),
      change.breaking && el("span", { class: "badge stopped" }, "⚠ breaking"),
      el("span", {}, change.stageTitle),
    ),
    el("dl", { class: "facts" }, ...facts(change)),
    change.description && el("p", { class: "description" }, change.description),
    section("Checklist", steps(change.steps)),
    section("Approvals", ...approvals(change.approvals)),
    section("What you may do", acts(change.acts)),
    section("Environments and deployments", ...environments(change, deployments)),
    section("Artifacts", ...artifacts(change.artifacts)),
    timeline(change.number),
  ];
}

function facts({ requester, assignee, team, priority, updatedAt, assessment }) {
  const known = {
    Requester: requester,
    Assignee: assignee ?? "nobody yet",
    Team: team ?? "not routed yet",
    Priority: priority,
  };
  const rows = Object.entries({ ...known, Changed: when(updatedAt), Complexity: assessment?.complexity });
  return rows
    .filter(([, value]) => value)
    .map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)));
}

function steps(all) {
  if (all.length === 0) return none("The checklist comes with submission.");
  return el(
    "ul",
    { class: "steps" },
    all.map((step) => {
      const needs =
        !step.completed &&
        step.evidenceNeeded.length > 0 &&
        el("span", { class: "quiet" }, ` needs ${step.evidenceNeeded.join(", ")}`);
      const by = step.completed && el("span", { class: "quiet" }, ` ${step.completed.by}, `, when(step.completed.at));
      const evidence = (step.completed?.evidence ?? []).map(({ title, value }) =>
        el("div", { class: "quiet evidence" }, title ? `${title}: ${value}` : value),
      );
      return el("li", {}, mark(step.completed), step.title, by, needs, evidence);
    }),
  );
}

function approvals(all) {
  if (all.length === 0) return [none("What approvals are needed is decided when the change is submitted.")];
  return all.map(({ environment, met, explanation }) =>
    el("div", {}, el("h3", {}, mark(met), environment), el("ul", { class: "tree" }, explained(explanation))),
  );
}

function explained({ title, met, reason, couldBeGivenBy = [], children }) {
  const givers =
    !met &&
    couldBeGivenBy.length > 0 &&
    el("div", { class: "quiet" }, `Could be given by ${couldBeGivenBy.join(", ")}`);
  return el(
    "li",
    {},
    mark(met),
    title,
    el("div", { class: "quiet" }, reason),
    givers,
    children.length > 0 && el("ul", {}, children.map(explained)),
  );
}

function acts(all) {
  if (all.length === 0) return none("Nothing any more.");
  return el(
    "ul",
    { class: "steps" },
    all.map(({ act, allowed, reason, hint }) =>
      el(
        "li",
        { class: allowed ? "" : "quiet" },
        allowed ? "✓ " : "— ",
        act,
        !allowed && reason && `: ${reason} ${hint ?? ""}`,
      ),
    ),
  );
}

function environments(change, deployments) {
  const states = change.environments.map(({ environment, state, at }) =>
    el("li", {}, `${environment} `, badge(state), " ", when(at)),
  );
  const runs = deployments.map((run) =>
    el(
      "details",
      { open: run.state === "running" || run.state === "failed" },
      el(
        "summary",
        {},
        `${run.direction === "deploy" ? "Deployment to" : "Rollback of"} ${run.environment} `,
        badge(run.state),
        ` ${run.requestedBy}, `,
        when(run.requestedAt),
      ),
      run.refusal &&
        el("div", { class: "notice stopped" }, el("strong", {}, run.refusal.message), el("p", {}, run.refusal.hint)),
      run.targetState && el("p", {}, `The target: ${run.targetState}`),
      el(
        "ol",
        { class: "steps" },
        run.steps.map((step) =>
          el(
            "li",
            {},
            badge(step.state),
            ` ${step.title}`,
            step.message && el("div", { class: "quiet" }, step.message),
            step.output.length > 0 &&
              el("pre", { tabindex: "0", "aria-label": `Output of ${step.title}` }, step.output.join("\n")),
          ),
        ),
      ),
    ),
  );
  return [
    states.length > 0 ? el("ul", { class: "steps" }, states) : none("No environments yet."),
    runs.length > 0 ? runs : none("Not deployed yet."),
  ].flat();
}

function artifacts(all) {
  if (all.length === 0) return [none("None yet.")];
  return all.map((artifact) => {
    const text =
      artifact.up ??
      (artifact.command
        ? [artifact.command, ...artifact.arguments].join(" ")
        : artifact.steps.map(({ title }) => title).join("\n"));
    const down = artifact.kind === "migration" && [
      el("p", { class: "quiet" }, "Rollback"),
      el("pre", { tabindex: "0", "aria-label": "Rollback" }, artifact.down ?? "none was written"),
    ];
    return el(
      "details",
      {},
      el("summary", {}, `${artifact.kind}: ${artifact.name}`),
      el("pre", { tabindex: "0", "aria-label": artifact.name }, text),
      ...(down || []),
    );
  });
}

/** Audit entries, asked for only when somebody opens them: asking is itself audited. */
function timeline(number) {
  const body = el("div", {});
  const load = async () => {
    body.replaceChildren(loading("the timeline"));
    try {
      const { items } = await get(`/api/audit?change=${encodeURIComponent(number)}`);
      const rows = items.map(({ entry }) =>
        el(
          "li",
          {},
          badge(entry.outcome ?? "done"),
          ` ${entry.event_type} `,
          el("span", { class: "quiet" }, `${entry.actor?.handle ?? ""}, `, when(entry.timestamp)),
        ),
      );
      body.replaceChildren(rows.length > 0 ? el("ol", { class: "steps" }, rows) : none("No entries."));
    } catch (error) {
      body.replaceChildren(refusal(error, load));
    }
  };
  const whole = el(
    "details",
    { id: "timeline", ontoggle: () => whole.open && !body.firstChild && load() },
    el("summary", {}, "Show the audit entries, newest first"),
    body,
  );
  return section("Timeline", whole);
}
