import { RULES } from "@change-mgmt/domain/schema/rules/all.ts";
import { EXAMPLE_TABLES, type Example, type Rule } from "@change-mgmt/domain/schema/rules/rule.ts";
import type { FastifyInstance } from "fastify";
import { addReferencePage, escaped, referencePage } from "./reference-page.ts";

/** Serves /docs/rules, where findings lead: each rule of judgement with its reasons and what to do instead, under its own anchor. */
export function addRulesPage(app: FastifyInstance): void {
  addReferencePage(app, "/docs/rules", rulesPage(RULES));
}

/** The page as HTML, written from the rules. */
export function rulesPage(rules: readonly Rule[]): string {
  const subjects = [...new Set(rules.map(({ subject }) => subject))];
  return referencePage({
    title: "Rules of judgement",
    noun: "rule",
    about: ABOUT,
    subjects: subjects.map((subject) => ({ id: `subject-${subject}`, title: subject })),
    sections: subjects.map((subject) => section(subject, rules)),
    after: `<h2 id="tables">Tables of the examples</h2>\n<pre><code>${escaped(EXAMPLE_TABLES)}</code></pre>\n`,
  });
}

const ABOUT = `<p>What is found in a migration: from what running it on a disposable Postgres showed, and from its text where running
cannot show it. An <b>error</b> breaks something or stops the table; a <b>warning</b> is to be looked at; an <b>info</b>
is worth knowing. Each rule stays silent where it is known to do no harm. A finding is allowed by a comment in the file:
<code>-- change-mgmt: allow drop-column because nothing reads it since May</code>.</p>`;

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
