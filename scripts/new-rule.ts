// Begins a rule of judgement: `node scripts/new-rule.ts <subject> <id>` writes its file; its examples are its test, and rules-pages.ts makes its page.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const rules = resolve(import.meta.dirname, "../packages/domain/src/schema/rules");
const subjects = readdirSync(rules, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const [subject = "", id = ""] = process.argv.slice(2);
const file = join(rules, subject, `${id}.ts`);

const refusal = !subjects.includes(subject)
  ? `usage: node scripts/new-rule.ts <subject> <id>, with a subject of ${subjects.join(", ")}`
  : !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id)
    ? "the id of a rule is what is found, in kebab-case: drop-column"
    : existsSync(file)
      ? `${file} is there already`
      : null;

if (refusal !== null) {
  process.stderr.write(`${refusal}\n`);
  process.exitCode = 2;
} else {
  writeFileSync(file, begin());
  process.stdout.write(`${file}\nSay what it finds, then: node scripts/rules-pages.ts ${id}\n`);
}

function begin(): string {
  const name = id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return `import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const ${name} = defineRule({
  id: "${id}",
  subject: "${subject}",
  severity: "warning",
  title: "What is found, as a headline",
  why: "What happens, to whom, and why.",
  instead: "What to do instead.",
  silent: "The table comes into being in the same migration.",
  bad: [{ sql: "ALTER TABLE users DROP COLUMN name" }],
  good: [{ sql: "ALTER TABLE users ADD COLUMN nick text" }],
  on: {
    drop_column: ({ table, column }, { migration, statement }) =>
      migration.isNewColumn(table, column, statement) ? null : { message: \`\${shown(table, column)} is …\` },
  },
});
`;
}
