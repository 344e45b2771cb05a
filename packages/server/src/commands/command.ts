import type { Change } from "@change-mgmt/domain/change/change.ts";
import type { Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { Situation } from "@change-mgmt/domain/change/situation.ts";
import type { Duty } from "@change-mgmt/domain/identity/duties.ts";
import type { Permission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import type { Settled } from "@change-mgmt/domain/lifecycle/settle.ts";
import type { Process, Trigger } from "@change-mgmt/domain/process/process.ts";
import type { z } from "zod";
import type { AuditEvent } from "../audit/append.ts";
import type { ProcessLibrary } from "../storage/process-record.ts";
import type { Tx } from "../storage/store.ts";

/** What every command is given: the open transaction, who asks, and the time. */
export interface CommandContext {
  readonly tx: Tx;
  readonly actor: Actor;
  readonly now: Date;
  readonly processes: ProcessLibrary;
}

/** What a command on a change is given besides: the change, loaded and locked, its pinned process and everything rules ask about. */
export interface ChangeContext extends CommandContext {
  readonly change: Change;
  readonly process: Process;
  readonly situation: Situation;
  /** Moves a change by an act, through the gates of its process. */
  move(trigger: Trigger, change: Change, environment?: string): Outcome<Settled>;
  /** Reads the situation again, for a command that has just written to what it is made of. */
  reload(): Promise<Situation>;
}

/** What a plain command answers with; `stream` is the audit stream its events go to. */
export interface Result<R> {
  readonly value: R;
  readonly events: readonly AuditEvent[];
  readonly stream: string;
}

/** What a command on a change answers with: the change as it shall be. The door settles, saves, audits and publishes it. */
export interface ChangeResult<R> {
  readonly change: Change;
  readonly events: readonly AuditEvent[];
  /** Moves already made with `move`. */
  readonly moved?: Settled;
  readonly situation?: Situation;
  /** The process the change is pinned to from now on, where the command pins another. */
  readonly process?: Process;
  readonly value: R;
}

interface CommandBase<I> {
  /** Noun and verb, such as `change.vote`; the name under which a refusal is audited. */
  readonly name: string;
  readonly permission: Permission;
  readonly input: z.ZodType<I>;
}

export interface PlainCommand<I, R> extends CommandBase<I> {
  readonly on: "workspace";
  run(context: CommandContext, input: I): Promise<Outcome<Result<R>>>;
}

export interface ChangeCommand<I extends { readonly id: string }, R> extends CommandBase<I> {
  readonly on: "change";
  /** What separation of duties has to say about it. */
  readonly duty?: Duty;
  run(context: ChangeContext, input: I): Promise<Outcome<ChangeResult<R>>>;
}

/** A command that makes a change: there is nothing to load yet. */
export interface CreatingCommand<I, R> extends CommandBase<I> {
  readonly on: "new-change";
  run(
    context: CommandContext & { readonly situation: Situation },
    input: I,
  ): Promise<Outcome<ChangeResult<R> & { readonly process: Process }>>;
}

export type Command<I, R> =
  | PlainCommand<I, R>
  | (I extends { readonly id: string } ? ChangeCommand<I, R> : never)
  | CreatingCommand<I, R>;

/** Declares a command on something else than a change. */
export function defineCommand<I, R>(command: Omit<PlainCommand<I, R>, "on">): PlainCommand<I, R> {
  return { ...command, on: "workspace" };
}

/** Declares a command on a change, named by `id` in its input (UUID or number). */
export function defineChangeCommand<I extends { readonly id: string }, R>(
  command: Omit<ChangeCommand<I, R>, "on">,
): ChangeCommand<I, R> {
  return { ...command, on: "change" };
}

/** Declares a command that makes a change. */
export function defineCreatingCommand<I, R>(command: Omit<CreatingCommand<I, R>, "on">): CreatingCommand<I, R> {
  return { ...command, on: "new-change" };
}
