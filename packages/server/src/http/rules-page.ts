import { RULES } from "@change-mgmt/domain/schema/rules/all.ts";
import { EXAMPLE_TABLES, type Example, type Rule } from "@change-mgmt/domain/schema/rules/rule.ts";
import type { FastifyInstance } from "fastify";
import { filterScript, STYLE } from "./errors-page-parts.ts";
import { sendPage, writtenPage } from "./pages.ts";
import { policyForPage } from "./security-headers.ts";

/** Serves /docs/rules, where findings lead: each rule of judgement with its reasons and what to do instead, under its own anchor. */
export function addRulesPage(app: FastifyInstance): void {
  const html = rulesPage(RULES);
  const page = writtenPage("/docs/rules", html);
  const policy = policyForPage(html);
  app.get(page.path, { schema: { hide: true } }, (request, reply) =>
    sendPage(page, request, reply.header("content-security-policy", policy)),
  );
}

/** The page as HTML, written from the rules; it works without JavaScript, which adds the filter. */
export function rulesPage(rules: readonly Rule[]): string {
  const subjects = [...new Set(rules.map(({ subject }) => subject))];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Rules of judgement · change-mgmt</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#codes">To the rules</a>
<header><a href="/"><img src="/favicon.svg" alt="" width="22" height="22">change-mgmt</a></header>
<main>
<h1>Rules of judgement</h1>
<p>What is found in a migration: from what running it on a disposable Postgres showed, and from its text where running
cannot show it. An <b>error</b> breaks something or stops the table; a <b>warning</b> is to be looked at; an <b>info</b>
is worth knowing. Each rule stays silent where it is known to do no harm. A finding is allowed by a comment in the file:
<code>-- change-mgmt: allow drop-column because nothing reads it since May</code>.</p>
<form role="search" hidden><label for="filter">Find a rule or a word</label>
<input id="filter" type="search" autocomplete="off" spellcheck="false"><output for="filter"></output></form>
<nav aria-label="Subjects"><ul>${subjects.map((id) => `<li><a href="#subject-${id}">${id}</a></li>`).join("")}</ul></nav>
<div id="codes" tabindex="-1">
${subjects.map((subject) => section(subject, rules)).join("\n")}
</div>
<h2 id="tables">Tables of the examples</h2>
<pre><code>${escaped(EXAMPLE_TABLES)}</code></pre>
</main>
<script>${filterScript("rule")}</script>
</body>
</html>
`;
}

function section(subject: string, rules: readonly Rule[]): string {
  return `<section id="subject-${subject}" aria-labelledby="${subject}-title">
<h2 id="${subject}-title">${subject}</h2>
${rules
  .filter((rule) => rule.subject === subject)
  .map(entry)
  .join("\n")}
</section>`;
}

function entry({ id, severity, title, why, instead, silent, bad }: Rule): string {
  const quiet = silent === undefined ? "" : `<p class="quiet">Silent: ${escaped(silent)}</p>`;
  return `<article id="${id}"><h3><a href="#${id}">${id}</a> <span class="status">${severity}</span></h3>
<p><b>${escaped(title)}.</b> ${escaped(why)}</p><p>Instead: ${escaped(instead)}</p>${quiet}${bad.slice(0, 1).map(example).join("")}</article>`;
}

function example({ given, sql }: Example): string {
  const text = given === undefined ? sql : `-- before\n${given};\n-- the migration\n${sql}`;
  return `<pre><code>${escaped(text)}</code></pre>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
