import type { FastifyInstance } from "fastify";
import { sendPage, writtenPage } from "./pages.ts";
import { policyForPage } from "./security-headers.ts";

/** A page to look things up in; all texts but `noun` and `title` are HTML. */
export interface ReferencePage {
  readonly title: string;
  /** What one of its articles is, such as `code`. */
  readonly noun: string;
  readonly about: string;
  /** Leads to each section. */
  readonly subjects: readonly { readonly id: string; readonly title: string }[];
  /** A section a subject, with an article for each thing under its own anchor. */
  readonly sections: readonly string[];
  readonly after?: string;
}

/** Serves a page under a path, with the policy that lets its own style and script run and nothing else. */
export function addReferencePage(app: FastifyInstance, path: string, html: string): void {
  const page = writtenPage(path, html);
  const policy = policyForPage(html);
  app.get(page.path, { schema: { hide: true } }, (request, reply) =>
    sendPage(page, request, reply.header("content-security-policy", policy)),
  );
}

/** The page as HTML; it works without JavaScript, which adds the filter. */
export function referencePage({ title, noun, about, subjects, sections, after = "" }: ReferencePage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · change-mgmt</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#entries">To the ${noun}s</a>
<header><a href="/"><img src="/favicon.svg" alt="" width="22" height="22">change-mgmt</a></header>
<main>
<h1>${title}</h1>
${about}
<form role="search" hidden><label for="filter">Find a ${noun} or a word</label>
<input id="filter" type="search" autocomplete="off" spellcheck="false"><output for="filter"></output></form>
<nav aria-label="Subjects"><ul>${subjects.map((subject) => `<li><a href="#${subject.id}">${escaped(subject.title)}</a></li>`).join("")}</ul></nav>
<div id="entries" tabindex="-1">
${sections.join("\n")}
</div>
${after}</main>
<script>${filterScript(noun)}</script>
</body>
</html>
`;
}

/** Text as HTML shows it. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** Looks like the app: its paper, ink and lines, in light and dark, on wide and narrow screens. */
const STYLE = `
:root { color-scheme: light dark; --paper: light-dark(#ffffff, #14171c); --shade: light-dark(#f5f6f8, #1b1f26);
  --line: light-dark(#dce0e6, #323843); --ink: light-dark(#181f2a, #e4e8ed); --quiet: light-dark(#57606d, #a3acb9);
  --focus: light-dark(#1a56b0, #8ab8ff); --marked: light-dark(#fdf0d8, #35270d); }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--ink); background: var(--paper); }
a { color: inherit; text-underline-offset: 3px; text-decoration-color: var(--quiet); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
#entries:focus { outline: none; }
.skip:not(:focus) { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
header { padding: .7rem 1.25rem; border-bottom: 1px solid var(--line); background: var(--shade); }
header a { display: inline-flex; align-items: center; gap: .5rem; font-weight: 600; text-decoration: none; }
main { max-width: 58rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; overflow-wrap: anywhere; }
main > p { max-width: 44rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .25rem; }
h3 { font: 600 .875rem/1.5 ui-monospace, "Cascadia Code", Menlo, "DejaVu Sans Mono", monospace; margin: 0; display: flex; flex-wrap: wrap; gap: .1rem .75rem; justify-content: space-between; }
h3 a { text-decoration: none; }
h3 a:hover { text-decoration: underline; }
code { font: .87em ui-monospace, "Cascadia Code", Menlo, "DejaVu Sans Mono", monospace; }
section > p { margin: 0 0 .75rem; }
article { padding: .6rem .75rem; border-top: 1px solid var(--line); }
article p { margin: .1rem 0 0; }
pre { margin: .35rem 0 0; padding: .4rem .6rem; overflow-x: auto; background: var(--shade); border: 1px solid var(--line); }
article:target { background: var(--marked); }
.quiet, .status { color: var(--quiet); }
.status { font-weight: 400; white-space: nowrap; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 1rem 0 0; padding: 0; }
nav a { display: inline-block; padding: .15rem 0; }
form { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .75rem; margin: 1.25rem 0 0; }
form[hidden], section[hidden], article[hidden], nav[hidden] { display: none; }
input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet); border-radius: 4px; padding: .35rem .6rem; min-height: 2.25rem; width: 20rem; max-width: 100%; }
@media (max-width: 600px) { main { padding: 1rem 1rem 3rem; } article { padding: .6rem 0; } label, input { width: 100%; } }
`;

/** Keeps to the colours chosen in the app, and shows only what holds all words of the filter. */
function filterScript(noun: string): string {
  return `
const chosen = localStorage.getItem("mantine-color-scheme-value");
if (chosen === "light" || chosen === "dark") document.documentElement.style.colorScheme = chosen;
const form = document.querySelector("form");
const input = document.querySelector("input");
const articles = [...document.querySelectorAll("article")];
const show = () => {
  const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
  for (const article of articles) {
    const text = article.textContent.toLowerCase();
    article.hidden = !words.every((word) => text.includes(word));
  }
  for (const section of document.querySelectorAll("section")) section.hidden = !section.querySelector("article:not([hidden])");
  document.querySelector("nav").hidden = words.length > 0;
  const left = articles.filter(({ hidden }) => !hidden).length;
  document.querySelector("output").textContent = words.length === 0 ? "" : left === 0 ? "No ${noun} has these words." : left + (left === 1 ? " ${noun}" : " ${noun}s");
};
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
input.addEventListener("input", show);
window.addEventListener("hashchange", () => { if (input.value) { input.value = ""; show(); document.getElementById(location.hash.slice(1))?.scrollIntoView(); } });
`;
}
