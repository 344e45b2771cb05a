/** Filters of the list of changes as they stand in its address. */
export interface ChangeFilters {
  readonly status?: string | undefined;
  readonly type?: string | undefined;
  readonly team?: string | undefined;
  readonly component?: string | undefined;
  readonly requester?: string | undefined;
  readonly assignee?: string | undefined;
  /** What is searched for. */
  readonly q?: string | undefined;
  /** "oldest"; left out: the newest first. */
  readonly order?: string | undefined;
  /** The saved view that is shown, by its id, or "all". */
  readonly view?: string | undefined;
  readonly active?: string | undefined;
  /** Columns shown, separated by commas; left out: the usual ones. */
  readonly columns?: string | undefined;
}

/** Filters of the audit explorer as they stand in its address. */
export interface AuditFilters {
  readonly change?: string | undefined;
  readonly user?: string | undefined;
  readonly event?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** An address of each page. The one place that knows how addresses are written; routes.tsx reads them. */
export const paths = {
  overview: () => "/",
  changes: (filters: ChangeFilters = {}) => `/changes${searchOf({ ...filters })}`,
  newChange: (from: { readonly process?: string; readonly type?: string } = {}) =>
    `/changes/new${searchOf({ ...from })}`,
  change: (number: string) => `/changes/${encodeURIComponent(number)}`,
  editChange: (number: string) => `/changes/${encodeURIComponent(number)}/edit`,
  deployment: (id: string) => `/deployments/${encodeURIComponent(id)}`,
  /** Without either, the board one sits on. */
  boards: (process?: string, board?: string) =>
    process && board ? `/boards/${encodeURIComponent(process)}/${encodeURIComponent(board)}` : "/boards",
  environments: () => "/environments",
  people: (at: { readonly person?: string; readonly add?: string } = {}) => `/people${searchOf({ ...at })}`,
  audit: (filters: AuditFilters = {}) => `/audit${searchOf({ ...filters })}`,
  /** With `version`, the hash of one, as it was then. */
  process: (name?: string, version?: string) =>
    name ? `/process/${encodeURIComponent(name)}${searchOf({ version })}` : "/process",
  /** Two versions by their hashes; whichever is left out is the one in force. */
  compareProcess: (
    name: string,
    versions: { readonly before?: string | undefined; readonly after?: string | undefined } = {},
  ) => `/process/${encodeURIComponent(name)}/compare${searchOf({ ...versions })}`,
  settings: () => "/settings",
} as const;

function searchOf(values: Record<string, string | undefined>): string {
  const given = Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

/** The known members of an address's search part that are filled; the rest of it is left out. Also a route's `validateSearch`. */
export function searchReader<K extends string>(...names: readonly K[]) {
  return (search: Record<string, unknown>): { [N in K]?: string } => {
    const filled = names.filter((name) => typeof search[name] === "string" && search[name] !== "");
    return Object.fromEntries(filled.map((name) => [name, search[name]])) as { [N in K]?: string };
  };
}
