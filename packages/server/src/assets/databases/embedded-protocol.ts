/** What the thread of an embedded database is started with. `cacheFolder` keeps the dump a new one starts from. */
export interface EmbeddedStart {
  readonly directory: string;
  readonly cacheFolder: string;
}

export type EmbeddedQuestion =
  | { readonly ask: "query"; readonly id: number; readonly text: string; readonly values?: readonly unknown[] }
  | { readonly ask: "close" };

export type EmbeddedAnswer =
  | { readonly say: "ready"; readonly serverVersion: string }
  | { readonly say: "closed" }
  | { readonly say: "rows"; readonly id: number; readonly rows: Record<string, unknown>[]; readonly rowCount: number }
  | { readonly say: "error"; readonly id: number; readonly message: string; readonly fields: object };
