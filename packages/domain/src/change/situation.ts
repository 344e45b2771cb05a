import type { HeldPosition, Role } from "../identity/roles.ts";

/** Whom somebody votes for, from a moment on and until another, RFC 3339 UTC. */
export interface StandIn {
  readonly person: string;
  readonly from: string;
  readonly until: string;
}

/** Somebody whose vote could count. */
export interface KnownPerson {
  readonly handle: string;
  readonly roles: readonly Role[];
  readonly teams: readonly string[];
  readonly positions: readonly HeldPosition[];
  /** Past ones as well, since votes that were cast under them stand. */
  readonly standsInFor?: readonly StandIn[];
}

/** What a rehearsal of one migration came to. `rollback` is the catalog verdict of its down part. */
export interface RehearsalFact {
  readonly artifact: string;
  readonly contentHash: string;
  readonly outcome: "passed" | "failed" | "not-rehearsable";
  readonly rollback: "exact" | "column-order" | "differs" | "fails" | "absent" | "not-rehearsable";
  /** Whether what it did to the schema breaks somebody. */
  readonly breaking: boolean;
  /** One sentence on running it: what went wrong, or what was established. */
  readonly message: string;
  /** One sentence on taking it back, likewise. */
  readonly rollbackMessage: string;
}

/** What the rehearsed content comes to on the database of one environment. */
export interface TargetFact {
  readonly environment: string;
  readonly contentHash: string;
  /** Bytes of tables and indexes that are written anew; null where nobody knows. */
  readonly rewrittenBytes: number | null;
  /** The longest that writers or everybody may be kept out of a table, in seconds; null where nobody knows. */
  readonly blockedSeconds: number | null;
}

/** What CLI or CI handed in for a content. */
export interface ReportFact {
  readonly kind: string;
  readonly contentHash: string;
  readonly passed: number;
  readonly failed: number;
  readonly at: string;
}

/** Where one environment stands with the change. */
export interface EnvironmentFact {
  readonly environment: string;
  readonly state: "not-deployed" | "deploying" | "deployed" | "failed" | "rolling-back" | "rolled-back";
  readonly at: string | null;
  /** Whether its deployment is still looked at by rollback triggers; absent where it is not, or not any more. */
  readonly watch?: { readonly state: "watching" | "held" | "asking" | "triggered"; readonly until: string };
}

/** A deployment or rollback that has an environment to itself. */
export interface Occupation {
  readonly environment: string;
  /** UUID. */
  readonly deployment: string;
  /** Number of its change. */
  readonly change: string;
  readonly direction: "deploy" | "rollback";
  readonly state: "requested" | "running" | "waiting";
  /** Title of the step that a person must sign off. */
  readonly waitsFor: string | null;
}

/** That no deployment is begun or taken up anywhere until somebody releases them. */
export interface Hold {
  readonly reason: string;
  /** A handle, or `restore`. */
  readonly by: string;
  /** RFC 3339 UTC. */
  readonly since: string;
}

/** Everything beside the change itself that rules ask about, gathered before they are asked. */
export interface Situation {
  readonly rehearsals: readonly RehearsalFact[];
  /** Of the environments on a server; an embedded database has nobody else to block. */
  readonly targets: readonly TargetFact[];
  readonly reports: readonly ReportFact[];
  readonly environments: readonly EnvironmentFact[];
  /** Environments that some change, this or another, has at this moment. */
  readonly occupied: readonly Occupation[];
  /** Null where deployments are not held. */
  readonly hold: Hold | null;
  readonly people: readonly KnownPerson[];
  /** Component name to owning team. */
  readonly componentTeams: Readonly<Record<string, string>>;
  /** Days of the workspace on which nobody works, YYYY-MM-DD, or MM-DD of every year. */
  readonly holidays?: readonly string[];
  /** RFC 3339 UTC. */
  readonly now: string;
}
