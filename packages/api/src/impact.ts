import { z } from "zod";

const place = z.strictObject({
  file: z.string().describe("Relative to the repository"),
  line: z.int().min(1),
  column: z.int().min(1),
});
const somewhere = { place, component: z.string().nullable().describe("null where it lies in none") };
const tables = z.array(z.string());
const columns = z.array(z.string()).nullable().describe("null for all columns, or where it cannot be told which");

/** The document of `change-mgmt impact --json`. */
export const ImpactDocument = z
  .strictObject({
    ok: z.literal(true),
    migration: z.string(),
    touches: z.array(
      z.strictObject({
        table: z.string(),
        columns,
        what: z.string().describe("Such as drop column"),
        breaking: z.boolean().describe("Whether those who read or write it may fail afterwards"),
        line: z.int().min(1),
      }),
    ),
    references: z.array(
      z.strictObject({
        table: z.string(),
        columns,
        access: z.enum(["read", "write"]),
        by: z.enum(["builder", "sql", "prisma", "drizzle"]),
        symbol: z.string().describe("The method or function that it stands in"),
        breaking: z.boolean(),
        ...somewhere,
      }),
    ),
    methods: z.array(
      z.strictObject({ interface: z.string(), method: z.string(), implementation: z.string(), tables, ...somewhere }),
    ),
    endpoints: z.array(z.strictObject({ route: z.string(), tables, ...somewhere })),
    clients: z.array(z.strictObject({ by: z.string(), route: z.string(), ...somewhere })),
    users: z.array(z.strictObject({ symbol: z.string(), calls: z.string(), ...somewhere })),
    components: z.array(
      z.strictObject({
        name: z.string(),
        team: z.string(),
        breaking: z.boolean(),
        touched: z.enum(["directly", "through others"]),
      }),
    ),
    teams: z.array(z.string()),
    unresolved: z.array(z.string()).describe("What could not be followed, with its place"),
  })
  .meta({ title: "change-mgmt impact", description: "What a migration has to do with, from tables to teams" });
