import type { Permission } from "@change-mgmt/domain/identity/permissions.ts";
import { z } from "zod";
import * as changes from "../changes.ts";

/** One operation of the HTTP interface. Server routes, the OpenAPI document and the typed client all follow from this table. */
export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `:name` parameters. A change's `:id` is its UUID or its number. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /**
   * What it takes of whoever asks; of several, the request says which. Null: to be signed in, and where it is open not even that.
   * Refused by it before anything is read or looked up; where the request says which, by the command or the answer.
   */
  readonly permission: Permission | readonly Permission[] | null;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** `bytes` for what is not JSON: raw, as application/octet-stream. */
  readonly body?: z.ZodType | "bytes";
  /** Answer of a success; `stream` for what is not one JSON document. */
  readonly response: z.ZodType | "stream";
  readonly contentType?: string;
  /** Success status; 200 when left out. */
  readonly status?: number;
  /** True for what anybody may ask without a token. */
  readonly open?: boolean;
}

/** A page of a list, with where the next begins. */
export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export const id = z.object({ id: z.string().min(1).max(100) });
export const name = z.object({ name: z.string().min(1).max(100) });
export const done = z.object({ ok: z.literal(true) });
/** What every act on a change has: which one, and the change as it is then. */
export const change = { tag: "Changes", params: id, response: changes.Change } as const;
