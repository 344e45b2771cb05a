/** Name and version of the file format: gzipped JSON Lines in UTF-8, each line ended by LF. */
export const BACKUP_FORMAT = "change-mgmt/backup/1";

/** First line. */
export interface BackupHeader {
  readonly format: string;
  /** Number of the last migration of the store it was taken from. */
  readonly schema: number;
  readonly createdAt: string;
  /** Tables in the order of their rows. */
  readonly tables: readonly string[];
}

/** A line for each row. The row's own text is the database's and is never read and written again by a program on its way. */
export interface BackupRow {
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
  /** Columns whose value is JSON's null; other nulls of the row are the database's. */
  readonly jsonNull?: readonly string[];
}

/** Last line. A file without it was cut off. */
export interface BackupEnd {
  readonly end: true;
  /** How many rows of each table there are, tables without rows included. */
  readonly rows: Readonly<Record<string, number>>;
  /** SHA-256 in hex of every byte before this line, before compression. */
  readonly sha256: string;
}
