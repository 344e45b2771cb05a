/** Words that another database knows and Postgres does not, outside of what could stand in Postgres too. */
const SIGNS: readonly (readonly [string, RegExp])[] = [
  [
    "ClickHouse",
    /\bENGINE\s*=\s*(?:\w*MergeTree|Distributed|Kafka|Memory|Null|Log|Buffer|Dictionary)\b|\bON\s+CLUSTER\b|\bLowCardinality\s*\(/i,
  ],
  [
    "MySQL",
    /\bENGINE\s*=\s*(?:InnoDB|MyISAM)\b|\bAUTO_INCREMENT\b|\bDELIMITER\s+\S+\s*$|\bON\s+UPDATE\s+CURRENT_TIMESTAMP\b|`\w+`/im,
  ],
  ["SQLite", /\bAUTOINCREMENT\b|^\s*PRAGMA\s+\w+/im],
  ["SQL Server", /^\s*GO\s*$|\bNVARCHAR\s*\(|\bIDENTITY\s*\(\s*1\s*,\s*1\s*\)|\[dbo\]/im],
];
const FOLDERS: readonly (readonly [string, RegExp])[] = [
  ["ClickHouse", /clickhouse/i],
  ["MySQL", /(?:mysql|mariadb)/i],
  ["SQLite", /sqlite|(?:^|[/_-])d1(?:$|[/_-])/i],
  ["SQL Server", /mssql|sqlserver/i],
];

/** The other database that a text which Postgres cannot read is written for, by its words or its folder; null where nothing tells. */
export function otherDatabase(path: string, text: string): string | null {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const named = FOLDERS.find(([, pattern]) => pattern.test(folder));
  const spoken = SIGNS.find(([, pattern]) => pattern.test(text));
  return named?.[0] ?? spoken?.[0] ?? null;
}
