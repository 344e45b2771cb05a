import { readFileSync } from "node:fs";

/** A statement as a server sent it. */
interface Sent {
  readonly connection: number;
  readonly text: string;
  readonly values: readonly (string | null)[];
  readonly at: number;
}

export interface Script {
  readonly text: string;
  /** Values of its variables that are the same for each change, as `-D` takes them. */
  readonly variables: Readonly<Record<string, string>>;
  readonly statements: number;
  readonly transactions: number;
}

/**
 * What the background does every moment for whatever changes there are: handing over, the queue, sealing, looking for orphans. A server
 * pays for it, and the floor goes without.
 */
const BACKGROUND =
  /change_mgmt_jobs|"outbox"|audit_head|"seq" is null|FROM change_mgmt\.deployments d WHERE|FOR UPDATE OF d/;
const HANDS_OVER = /insert into "change_mgmt"\."outbox"/;
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A script for pgbench of the statements that a server sent for one change, between two moments, with the same parameters in transactions
 * of the same boundaries. What has to be new for each change is: ids, the change's number, and the environment, so that pgbench need not
 * wait for one as people do.
 */
export function scriptOf(
  captured: string,
  from: number,
  to: number,
  changeNumber: string,
  environment: string,
): Script {
  const all = readFileSync(captured, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Sent);
  const known = new Set(all.filter(({ at }) => at < from).flatMap(({ values }) => values));
  const foreground = transactionsOf(all).filter(
    (unit) => unit[0]!.at >= from && unit[0]!.at <= to && !unit.some(isBackground),
  );
  const variables: Record<string, string> = {};
  const names = new Map<string, string>();
  const fresh: string[] = [];
  const nameOf = (value: string, isFresh: boolean): string => {
    let name = names.get(value);
    if (name === undefined) {
      name = `${isFresh ? "new" : "v"}${names.size}`;
      names.set(value, name);
      if (isFresh) fresh.push(name);
      else variables[name] = value;
    }
    return `:${name}`;
  };
  const parameter = (value: string | null): string => {
    if (value === null) return "NULL";
    if (value === changeNumber) return ":number";
    if (value === environment) return ":environment";
    if (value === `environment:${environment}`) return ":resource";
    const list = /^\{"(.*)"\}$/.exec(value)?.[1]?.split('","');
    if (list?.every((one) => ID.test(one)) && list.some((one) => !known.has(one))) {
      return `ARRAY[${list.map((one) => nameOf(one, !known.has(one))).join(", ")}]`;
    }
    return nameOf(value, ID.test(value) && !known.has(value));
  };
  const lines: string[] = [];
  for (const { text, values } of foreground.flat()) {
    const bound = text.replaceAll(/\$(\d+)/g, (_, n: string) => parameter(values[Number(n) - 1] ?? null));
    lines.push(`${bound.replaceAll(/\s+/g, " ").trim()};`);
  }
  const makesNew = [
    "'CHG-' || (random() * 1e15)::bigint AS number",
    "'environment-' || :client_id::text AS environment",
    // A colon before a word would be a variable, also inside a text.
    "'environment' || chr(58) || 'environment-' || :client_id::text AS resource",
    ...fresh.map((name) => `uuidv7()::text AS ${name}`),
  ];
  return {
    // The first statement makes what is new; it is the only one that no server sends.
    text: `SELECT ${makesNew.join(", ")} \\gset\n${lines.join("\n")}\n`,
    variables,
    statements: lines.length,
    transactions: foreground.length,
  };
}

function isBackground({ text }: Sent): boolean {
  return BACKGROUND.test(text) && !HANDS_OVER.test(text);
}

/** Statements in the units that commit together, in the order in which they began. */
function transactionsOf(sent: readonly Sent[]): Sent[][] {
  const units: Sent[][] = [];
  const open = new Map<number, Sent[]>();
  for (const statement of sent) {
    const { connection, text } = statement;
    const unit = open.get(connection);
    if (unit) unit.push(statement);
    else {
      const begun = [statement];
      units.push(begun);
      if (/^begin\b/i.test(text)) open.set(connection, begun);
    }
    if (/^(commit|rollback)\b/i.test(text)) open.delete(connection);
  }
  return units;
}
