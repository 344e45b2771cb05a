import type { CodePlace } from "../sources.ts";
import type { Touch } from "./touched.ts";

/** A part of the repository that has an owner. */
export interface OwnedComponent {
  readonly name: string;
  readonly path: string;
  readonly team: string;
}

/** Somewhere in code, with the component that it lies in; null where it lies in none. */
export interface ImpactPlace {
  readonly place: CodePlace;
  readonly component: string | null;
}

export interface ImpactReference extends ImpactPlace {
  readonly table: string;
  /** Null for all columns, or where it cannot be told which. */
  readonly columns: readonly string[] | null;
  readonly access: "read" | "write";
  readonly by: string;
  /** The method or function that it stands in. */
  readonly symbol: string;
  /** Whether it may fail after the migration. */
  readonly breaking: boolean;
}

/** What a migration has to do with, from tables to teams. */
export interface ImpactReport {
  readonly ok: true;
  readonly migration: string;
  readonly touches: readonly Touch[];
  readonly references: readonly ImpactReference[];
  /** Methods of repositories that read or write what is touched, also through what they call. */
  readonly methods: readonly (ImpactPlace & {
    readonly interface: string;
    readonly method: string;
    readonly implementation: string;
    readonly tables: readonly string[];
  })[];
  readonly endpoints: readonly (ImpactPlace & { readonly route: string; readonly tables: readonly string[] })[];
  /** Methods of clients that call these endpoints, and bare calls of them. */
  readonly clients: readonly (ImpactPlace & { readonly by: string; readonly route: string })[];
  /** Who calls these methods of clients. */
  readonly users: readonly (ImpactPlace & { readonly symbol: string; readonly calls: string })[];
  readonly components: readonly {
    readonly name: string;
    readonly team: string;
    readonly breaking: boolean;
    readonly touched: "directly" | "through others";
  }[];
  readonly teams: readonly string[];
  /** What could not be followed, in sentences with places. */
  readonly unresolved: readonly string[];
}
