import { EXAMPLE_TABLES, type Example, type Rule } from "./rule.ts";

/** A rule as a page of Markdown: everything on it comes from the rule. */
export function rulePage(rule: Rule): string {
  const { id, subject, severity, title, why, instead, silent, bad, good, harmless = [], shown = [] } = rule;
  return [
    `# ${title}`,
    `\`${id}\` · ${severity} · [${subject}](README.md#${subject})`,
    "## Why",
    why,
    "## Instead",
    instead,
    ...(silent === undefined ? [] : ["## Silent", silent]),
    ...(bad.length === 0 ? [] : ["## Found", ...bad.flatMap(exampleWords)]),
    ...(harmless.length === 0
      ? []
      : ["## Found when only read, silent once it was run", ...harmless.flatMap(exampleWords)]),
    ...(shown.length === 0 ? [] : ["## Found once it was run", ...shown.flatMap(exampleWords)]),
    "## Not found",
    ...good.flatMap(exampleWords),
    "The examples stand on [these tables](README.md#tables-of-the-examples).",
    "",
  ]
    .join("\n\n")
    .trimEnd()
    .concat("\n");
}

/** The list of all rules, by subject. */
export function rulesIndex(rules: readonly Rule[]): string {
  const subjects = [...new Set(rules.map(({ subject }) => subject))];
  return [
    "# Rules of judgement",
    "What is found in a migration: from what running it on a disposable Postgres showed, and from its text where running cannot show it. " +
      "An _error_ breaks something or stops the table; a _warning_ is to be looked at; an _info_ is worth knowing. " +
      "Each rule stays silent where it is known to do no harm.",
    "Every page is written from the rule itself by `node scripts/rules-pages.ts`; its examples are the rule's tests.",
    ...subjects.flatMap((subject) => [
      `## ${subject}`,
      rules
        .filter((rule) => rule.subject === subject)
        .map(({ id, severity, title }) => `- [${id}](${id}.md), ${severity}: ${title}`)
        .join("\n"),
    ]),
    "## Tables of the examples",
    fenced(EXAMPLE_TABLES),
    "",
  ]
    .join("\n\n")
    .trimEnd()
    .concat("\n");
}

function exampleWords({ given, sql, transactional, exposed, targetMajor, note }: Example): string[] {
  const around = [
    ...(transactional === false ? ["in a file without a transaction"] : []),
    ...(exposed === true ? ["where the schema public is served to everybody"] : []),
    ...(targetMajor === undefined ? [] : [`for Postgres ${targetMajor}`]),
  ].join(", ");
  const words = [around === "" ? "" : `${around[0]!.toUpperCase()}${around.slice(1)}:`, note ?? ""]
    .filter((part) => part !== "")
    .join(" ");
  return [
    ...(words === "" ? [] : [words]),
    fenced(given === undefined ? sql : `-- before\n${given};\n-- the migration\n${sql}`),
  ];
}

function fenced(sql: string): string {
  return `\`\`\`sql\n${sql.trimEnd().replace(/;?$/, ";")}\n\`\`\``;
}
