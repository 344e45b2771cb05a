/** Makes an element. Strings among the children become text, never markup. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined && value !== null)
      node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const STATES = {
  waiting: [
    "◷",
    "draft submitted assessing implementing validating awaiting_approval scheduled reviewing pending waiting requested not-deployed",
  ],
  running: ["◌", "deploying monitoring running rolling_back rolling-back"],
  good: ["✓", "approved closed deployed succeeded done passed"],
  stopped: ["✕", "rejected failed refused"],
  undone: ["↺", "cancelled rolled_back rolled-back"],
};

/** A state as icon and word; colour only underlines it. */
export function badge(state) {
  const [kind, [icon]] = Object.entries(STATES).find(([, [, words]]) => words.split(" ").includes(state)) ?? [
    "waiting",
    ["·"],
  ];
  return el(
    "span",
    { class: `badge ${kind}` },
    el("span", { "aria-hidden": "true" }, icon),
    ` ${state.replace(/[_-]/g, " ")}`,
  );
}

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

/** A moment as people say it, with the exact one on hover. */
export function when(time) {
  if (!time) return "";
  const seconds = (Date.parse(time) - Date.now()) / 1000;
  const [unit, size] = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ].find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return el(
    "time",
    { datetime: time, title: new Date(time).toLocaleString() },
    relative.format(Math.round(seconds / size), unit),
  );
}

/** A refusal: what is wrong, what to do, and a button to try again. */
export function refusal(error, retry) {
  const { detail, hint, code } = error.problem ?? {
    detail: "This page has a defect.",
    hint: String(error),
    code: "PAGE",
  };
  const again = retry && el("button", { type: "button", onclick: retry }, "Try again");
  return el(
    "div",
    { class: "notice stopped", role: "alert" },
    el("strong", {}, detail),
    el("p", {}, hint),
    el("code", {}, code),
    " ",
    again,
  );
}

export const loading = (what) => el("p", { class: "quiet loading", role: "status" }, `Loading ${what} …`);
