/** A migration as the ledger of its tool records it. */
export interface ToolEntry {
  /** The file's name, or the folder's where each migration has a folder. */
  readonly name: string;
  /** What the tool orders it by; null for one that is run again whenever it changes. */
  readonly version: string | null;
  /** The whole text of the file, without which a checksum cannot be told. */
  readonly text: string;
  readonly statements: readonly string[];
}

/** What the rows of a ledger say: keys with checksums, and what the tool has begun and not ended well. */
export interface ToolRows {
  readonly rows: ReadonlyMap<string, string | null>;
  readonly unfinished: readonly string[];
}

/** How one tool keeps its ledger. Table names are given and used with their schema, quoted. */
export interface ToolLedger {
  /** What people call the tool. */
  readonly title: string;
  /** The table, and its schema where that is not the one new tables go to. */
  readonly table: string;
  readonly schema?: string;
  /** Columns by which the tool's own table is told from another's of the same name. */
  readonly columns: readonly string[];
  /** The statements that make the table as the tool does. */
  create(table: string): readonly string[];
  /** Brings a table of an older form to where rows can be written; asked only for columns that are `missing`. */
  readonly widen?: Readonly<Record<string, string>>;
  keyOf(entry: Pick<ToolEntry, "name" | "version">): string;
  /** The checksums that the tool may have written for a text; null where it keeps none. */
  checksumsOf(text: string): readonly string[] | null;
  /** A query whose rows `interpret` understands. */
  select(table: string): string;
  interpret(
    rows: readonly Record<string, unknown>[],
    entries: readonly Pick<ToolEntry, "name" | "version">[],
  ): ToolRows;
  /** The statement that records a migration as applied. */
  insert(table: string, entry: ToolEntry): string;
  /** The statement that takes the record away. */
  remove(table: string, entry: ToolEntry): string;
  /** For a ledger that forgets what was before: statements that make a place in our own schema to note it, and the one that notes it before `insert`. */
  readonly memory?: { readonly create: readonly string[]; note(table: string, entry: ToolEntry): string };
  /** For a ledger that can only step back from its newest version: that version, where it is another than the entry's. */
  newerThan?(entry: ToolEntry, rows: ToolRows): string | null;
}
