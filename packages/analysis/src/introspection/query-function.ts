/** Runs one SQL statement on a database: the seam that node-postgres, PGlite and a deployment's own connection all fit. */
export type QueryFunction = (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>;
