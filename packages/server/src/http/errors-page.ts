import { ERROR_TOPICS } from "@change-mgmt/api/errors/codes.ts";
import type { ErrorCode, ErrorTopic } from "@change-mgmt/api/errors/topic.ts";
import type { FastifyInstance } from "fastify";
import { FILTER, STYLE } from "./errors-page-parts.ts";
import { sendPage, writtenPage } from "./pages.ts";
import { policyForPage } from "./security-headers.ts";

/** Serves /docs/errors, where the `type` of every problem leads: each code with what it means and what to do, under its own anchor. */
export function addErrorsPage(app: FastifyInstance): void {
  const html = errorsPage(ERROR_TOPICS);
  const page = writtenPage("/docs/errors", html);
  const policy = policyForPage(html);
  app.get(page.path, { schema: { hide: true } }, (request, reply) =>
    sendPage(page, request, reply.header("content-security-policy", policy)),
  );
}

/** The page as HTML, written from the table of codes; it works without JavaScript, which adds the filter. */
export function errorsPage(topics: readonly ErrorTopic[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>About errors · change-mgmt</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#codes">To the codes</a>
<header><a href="/"><img src="/favicon.svg" alt="" width="22" height="22">change-mgmt</a></header>
<main>
<h1>About errors</h1>
<p>Whatever is refused comes with a <b>code</b>, a sentence and a hint. The code is stable and meant for programs; the
sentence says what is the matter with this request, the hint what to do next. The same codes stand in these pages, in
the terminal, in the audit trail and in the HTTP interface, there as a problem document (RFC 9457) whose
<code>place</code> and <code>problems</code> point into what was sent.</p>
<p>The number beside a code is the HTTP status of its answer. A code without one stands inside another answer, in a
deployment, or in the terminal.</p>
<form role="search" hidden><label for="filter">Find a code or a word</label>
<input id="filter" type="search" autocomplete="off" spellcheck="false"><output for="filter"></output></form>
<nav aria-label="Subjects"><ul>${topics.map(({ id, title }) => `<li><a href="#${id}">${escaped(title)}</a></li>`).join("")}</ul></nav>
<div id="codes" tabindex="-1">
${topics.map(section).join("\n")}
</div>
</main>
<script>${FILTER}</script>
</body>
</html>
`;
}

function section({ id, title, about, codes }: ErrorTopic): string {
  const rows = Object.entries(codes).map(([code, row]) => entry(code, row));
  return `<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${escaped(title)}</h2>
<p class="quiet">${withCode(about)}</p>
${rows.join("\n")}
</section>`;
}

function entry(code: string, { status, means, next }: ErrorCode): string {
  const badge = status === undefined ? "" : ` <span class="status">HTTP ${status}</span>`;
  return `<article id="${code}"><h3><a href="#${code}">${code}</a>${badge}</h3><p>${withCode(means)}</p><p class="quiet">${withCode(next)}</p></article>`;
}

function withCode(text: string): string {
  return escaped(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
