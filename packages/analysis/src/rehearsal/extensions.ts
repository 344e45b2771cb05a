import { type Statement, splitStatements } from "../sql/statements.ts";

/** The extension a statement creates, or null. */
export function createdExtension(statement: Statement): string | null {
  const created = statement.node.CreateExtensionStmt as { extname?: string } | undefined;
  return created?.extname ?? null;
}

/** The extensions that SQL texts create; of a text that cannot be read, none. */
export async function createdExtensions(texts: Iterable<string>): Promise<Set<string>> {
  const names = new Set<string>();
  for (const text of texts) {
    if (!/\bextension\b/i.test(text)) continue;
    const statements = await splitStatements(text);
    if (!statements.ok) continue;
    for (const statement of statements.value) {
      const name = createdExtension(statement);
      if (name !== null) names.add(name);
    }
  }
  return names;
}
