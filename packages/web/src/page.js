import { changeView } from "./change.js";
import { badge, el, loading, refusal, when } from "./elements.js";
import { follow, get, post, session } from "./server.js";

const at = (id) => document.getElementById(id);
let following = new AbortController();
let changes = [];
let nextCursor = null;
let shown;

/** What the address says: the change to show, or a one-time code, which leaves the address at once. */
function readAddress() {
  const { change, "sign-in": code } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (code) history.replaceState(null, "", change ? `#change=${encodeURIComponent(change)}` : location.pathname);
  return { change: change ?? null, code };
}

async function start() {
  const { code } = readAddress();
  following.abort();
  try {
    if (code) session.begin((await post("/api/links/exchange", { code })).secret);
    if (!session.token) return signedOut();
    at("main").replaceChildren(
      at("list") ?? el("nav", { id: "list", "aria-label": "Changes" }),
      at("detail") ?? el("article", { id: "detail", tabindex: "-1" }),
    );
    at("list").replaceChildren(loading("changes"));
    const me = await get("/api/me");
    at("who").replaceChildren(
      el("span", { title: me.roles.join(", ") }, me.name),
      " ",
      el("button", { type: "button", onclick: signOut }, "Sign out"),
    );
    await Promise.all([loadList(), showChange()]);
    following = new AbortController();
    follow(following.signal, onEvent, onState);
  } catch (error) {
    if (code || error.problem?.status === 401) return signedOut(error);
    at("main").replaceChildren(refusal(error, start));
  }
}

function signOut() {
  session.end();
  following.abort();
  signedOut();
}

function signedOut(error) {
  if (error) session.end();
  shown = undefined;
  at("who").replaceChildren(el("span", { class: "quiet" }, "Not signed in"));
  at("live").replaceChildren();
  at("main").replaceChildren(
    el(
      "section",
      { class: "welcome" },
      error && refusal(error),
      el("h1", {}, "Every change to your data, from request to rollback"),
      el(
        "p",
        {},
        "Changes are requested, assessed, approved by somebody else, rehearsed, deployed step by step and, if need be, rolled back. Every act is kept in an audit trail that shows if anybody altered it.",
      ),
      el("h2", {}, "Sign in"),
      el(
        "p",
        {},
        "Open your one-time sign-in link. The terminal that started the server printed one; whoever runs it can make you another:",
      ),
      el("pre", {}, "change-mgmt user link YOUR-HANDLE"),
    ),
  );
}

async function loadList(cursor) {
  try {
    const page = await get(`/api/changes?limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    changes = cursor ? [...changes, ...page.items] : page.items;
    nextCursor = page.nextCursor;
    drawList();
  } catch (error) {
    if (error.problem?.status === 401) return signedOut(error);
    at("list").replaceChildren(refusal(error, () => loadList(cursor)));
  }
}

function drawList() {
  const { change } = readAddress();
  const rows = changes.map(({ number, title, status, updatedAt, team }) =>
    el(
      "li",
      {},
      el(
        "a",
        { href: `#change=${encodeURIComponent(number)}`, "aria-current": number === change && "true" },
        el("span", { class: "line" }, el("code", {}, number), badge(status)),
        el("strong", {}, title),
        el("span", { class: "quiet" }, team ? `${team} · ` : "", when(updatedAt)),
      ),
    ),
  );
  const empty = el(
    "div",
    { class: "notice" },
    el("strong", {}, "No changes yet"),
    el("p", {}, "Request the first one in the terminal:"),
    el("pre", {}, 'change-mgmt create --type=add-field --title="Add a nickname"'),
  );
  const more =
    nextCursor && el("button", { type: "button", onclick: () => loadList(nextCursor) }, "Show older changes");
  at("list").replaceChildren(el("h2", {}, "Changes"), rows.length > 0 ? el("ul", {}, rows) : empty, more || "");
}

async function showChange() {
  const { change: number } = readAddress();
  const detail = at("detail");
  if (!detail) return;
  document.body.classList.toggle("one", number !== null);
  document.title = number ? `${number} · change-mgmt` : "change-mgmt";
  if (number !== shown)
    detail.replaceChildren(
      number
        ? loading(number)
        : el("p", { class: "quiet" }, "Choose a change to see its checklist, approvals and deployments."),
    );
  const first = number !== shown;
  shown = number;
  if (!number) return;
  try {
    const path = `/api/changes/${encodeURIComponent(number)}`;
    const [change, deployments] = await Promise.all([get(path), get(`${path}/deployments`)]);
    if (shown !== number) return;
    const timeline = at("timeline");
    const open = new Set([...detail.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent));
    detail.replaceChildren(...changeView(change, deployments.items).filter(Boolean));
    if (first) return detail.focus({ preventScroll: true });
    if (timeline) at("timeline").replaceWith(timeline);
    for (const summary of detail.querySelectorAll("summary"))
      if (open.has(summary.textContent)) summary.parentElement.open = true;
  } catch (error) {
    if (shown === number)
      detail.replaceChildren(
        el("a", { class: "back", href: "#" }, "← All changes"),
        refusal(error, () => {
          shown = undefined;
          showChange();
        }),
      );
  }
}

let drawing = 0;
/** Draws anew a moment after the last of a burst of events. */
function onEvent() {
  clearTimeout(drawing);
  drawing = setTimeout(() => Promise.all([loadList(), showChange()]), 250);
}

function onState(state) {
  at("live").replaceChildren(
    state === "live" ? badgeOf("good", "● live") : badgeOf("stopped", "○ connection lost, trying again"),
  );
}

const badgeOf = (kind, words) => el("span", { class: `badge ${kind}` }, words);

addEventListener("hashchange", () => {
  if (/[#&]sign-in=/.test(location.hash)) return start();
  if (!session.token) return;
  drawList();
  showChange();
});
start();
