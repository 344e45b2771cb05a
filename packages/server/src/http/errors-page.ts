import { ERROR_TOPICS } from "@change-mgmt/api/errors/codes.ts";
import type { ErrorCode, ErrorTopic } from "@change-mgmt/api/errors/topic.ts";
import type { FastifyInstance } from "fastify";
import { addReferencePage, escaped, referencePage } from "./reference-page.ts";

/** Serves /docs/errors, where the `type` of every problem leads: each code with what it means and what to do, under its own anchor. */
export function addErrorsPage(app: FastifyInstance): void {
  addReferencePage(app, "/docs/errors", errorsPage(ERROR_TOPICS));
}

/** The page as HTML, written from the table of codes. */
export function errorsPage(topics: readonly ErrorTopic[]): string {
  return referencePage({
    title: "About errors",
    noun: "code",
    about: ABOUT,
    subjects: topics,
    sections: topics.map(section),
  });
}

const ABOUT = `<p>Whatever is refused comes with a <b>code</b>, a sentence and a hint. The code is stable and meant for programs; the
sentence says what is the matter with this request, the hint what to do next. The same codes stand in these pages, in
the terminal, in the audit trail and in the HTTP interface, there as a problem document (RFC 9457) whose
<code>place</code> and <code>problems</code> point into what was sent.</p>
<p>The number beside a code is the HTTP status of its answer. A code without one stands inside another answer, in a
deployment, or in the terminal.</p>`;

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
