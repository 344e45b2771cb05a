import type { ActionThat, Does, Place } from "./actions.ts";
import type { Severity, StatementFacts } from "./facts.ts";
import type { Migration } from "./migration.ts";

export type Subject =
  | "columns"
  | "destruction"
  | "functions"
  | "indexes"
  | "keys"
  | "locking"
  | "naming"
  | "opaque"
  | "renaming"
  | "security"
  | "sequences"
  | "transactions"
  | "types";

/** SQL that a rule is shown on; it is the rule's test and stands on its page. */
export interface Example {
  readonly sql: string;
  /** SQL that makes the state before, on top of the tables that all examples share. */
  readonly given?: string;
  /** False for a file that its tool applies without a transaction. */
  readonly transactional?: false;
  readonly exposed?: true;
  readonly targetMajor?: number;
  /** False for what the embedded database does not come back from. */
  readonly runs?: false;
  /** Why it is fine, where that is not plain from reading it. */
  readonly note?: string;
}

/** What a rule found at an action; what is left out comes from the rule. */
export interface Found {
  readonly message: string;
  readonly hint?: string;
  readonly severity?: Severity;
  readonly breaking?: boolean;
  /** Qualified names of what stops working as it was, so that the same thing is not said twice. */
  readonly objects?: readonly string[];
  /** Another statement than the one looked at. */
  readonly statement?: StatementFacts;
  readonly place?: Place | null;
}

/** Where an action stands. */
export interface At {
  readonly migration: Migration;
  readonly statement: StatementFacts;
}

type Answer = Found | readonly Found[] | null;

export type Judge<D extends Does> = (action: ActionThat<D>, at: At) => Answer;

/** A rule: facts in, findings out, and everything that its page and its tests need. */
export interface Rule {
  readonly id: string;
  readonly subject: Subject;
  readonly severity: Severity;
  /** What is found, as a headline. */
  readonly title: string;
  /** What happens and why, in a few sentences. */
  readonly why: string;
  /** What to do instead; the hint of its findings. */
  readonly instead: string;
  /** When it stays silent, where that is not plain. */
  readonly silent?: string;
  /** Found, whether run or only read. */
  readonly bad: readonly Example[];
  /** Not found, whether run or only read. */
  readonly good: readonly Example[];
  /** Found when only read; running it shows that it does no harm. */
  readonly harmless?: readonly Example[];
  /** Not found when only read; running it shows what it does. */
  readonly shown?: readonly Example[];
  /** Whether it looks into the schema before and after; only then its examples are run with them. */
  readonly readsSchema?: true;
  readonly on: { readonly [D in Does]?: Judge<D> };
  /** Looks at the migration as a whole. */
  readonly whole?: (migration: Migration) => readonly (Found & { readonly statement: StatementFacts })[];
}

/** Names the type of a rule where it is written. */
export function defineRule(rule: Rule): Rule {
  return rule;
}

/** The tables that every example may use. */
export const EXAMPLE_TABLES = `CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL,
  name varchar(50),
  age integer,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL,
  total numeric(10,2) NOT NULL DEFAULT 0,
  status text,
  note varchar(50)
);`;
