import type { Change } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, type Refusal, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkDuty } from "@change-mgmt/domain/identity/duties.ts";
import { checkConcern, checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { askedSince } from "@change-mgmt/domain/lifecycle/approval/deadline.ts";
import { happenings, moveBy, settle } from "@change-mgmt/domain/lifecycle/settle.ts";
import type { Process } from "@change-mgmt/domain/process/process.ts";
import type { CompiledQuery } from "kysely";
import { type AuditEvent, appendAudit, entriesAfter, lastOf, lockStream } from "../audit/append.ts";
import { isNobody } from "../identity/actors.ts";
import { senderOf } from "../identity/attempts.ts";
import { outboxRows } from "../outbox/add.ts";
import {
  changeFrom,
  changeQueries,
  changeWrites,
  couldBeReference,
  historyRows,
  loadChange,
  unknownChange,
} from "../storage/change-record.ts";
import { crossing } from "../storage/crossing.ts";
import { keepDeadlines } from "../storage/deadline-record.ts";
import type { ProcessLibrary } from "../storage/process-record.ts";
import { loadSituation, situationFrom, situationQuery } from "../storage/situation-record.ts";
import type { Db } from "../storage/store.ts";
import { together } from "../storage/together.ts";
import type { ChangeCommand, ChangeResult, CommandContext, CreatingCommand, PlainCommand } from "./command.ts";
import { isPassing, knownConflict } from "./conflicts.ts";
import { type Claim, claimOf } from "./idempotency.ts";
import { parseInput } from "./parse-input.ts";
import { RefusalLimit } from "./refusal-limit.ts";

/** Who asks, and under which conditions. */
export interface Request {
  readonly actor: Actor;
  readonly idempotencyKey?: string | undefined;
  /** Version that was read; refused with STALE_VERSION when the change has moved on. */
  readonly expectedVersion?: number | undefined;
}

export interface DoorOptions {
  readonly db: Db;
  readonly processes: ProcessLibrary;
  readonly now?: () => Date;
  /** Told after each commit what happened, to wake whoever waits in this process. */
  readonly committed?: (events: readonly AuditEvent[]) => void;
}

type AnyCommand<I, R> = PlainCommand<I, R> | ChangeCommand<I & { readonly id: string }, R> | CreatingCommand<I, R>;

interface OpenCommand extends CommandContext {
  readonly name: string;
  readonly claim: Claim | undefined;
}

interface Decided<R> {
  readonly value: R;
  readonly events: readonly AuditEvent[];
}

const ATTEMPTS = 4;
/** However many addresses take part, this many refusals of nobody known are written each minute. */
const NOBODY_KNOWN_PER_MINUTE = 300;

/**
 * The one door for writes. In one transaction: permission, idempotency key, expected version, whose change it is, separation of duties,
 * the command's decision, what follows from it, the audit entries and the outbox rows. Nothing of it commits without the rest.
 */
export class Door {
  readonly #options: DoorOptions;
  readonly #refusals = new RefusalLimit();
  readonly #refusalsOfNobodyKnown = new RefusalLimit(NOBODY_KNOWN_PER_MINUTE);

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  /** Runs a command. A refusal leaves nothing behind but its own audit entry. */
  async execute<I, R>(command: AnyCommand<I, R>, input: unknown, request: Request): Promise<Outcome<R>> {
    const now = this.#now();
    const permitted = checkPermission(request.actor, command.permission);
    const parsed: Outcome<I> = permitted.ok ? parseInput(command.input, input) : permitted;
    const outcome = parsed.ok ? await this.#commit(command, parsed.value, request, now) : parsed;
    if (!outcome.ok) {
      await this.recordRefusal(command.name, input, outcome.refusal, request.actor);
      return outcome;
    }
    this.#options.committed?.(outcome.value.events);
    return accept(outcome.value.value);
  }

  #now(): Date {
    return (this.#options.now ?? (() => new Date()))();
  }

  async #commit<I, R>(command: AnyCommand<I, R>, input: I, request: Request, now: Date): Promise<Outcome<Decided<R>>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return accept(
          await crossing(`door.${command.name}`, () =>
            this.#options.db.transaction().execute(async (tx) => {
              const { actor, idempotencyKey } = request;
              const claim =
                idempotencyKey === undefined ? undefined : claimOf(tx, command.name, input, actor, idempotencyKey);
              const { processes } = this.#options;
              const context: OpenCommand = { name: command.name, tx, actor, now, processes, claim };
              switch (command.on) {
                case "workspace":
                  return await this.#plain(command, input, context);
                case "new-change":
                  return await this.#onNewChange(command, input, context);
                case "change":
                  return await this.#onChange(command, input as I & { readonly id: string }, context, request);
              }
            }),
          ),
        );
      } catch (error) {
        if (error instanceof Rollback) return error.refused;
        const known = knownConflict(error);
        if (known) return known;
        if (attempt >= ATTEMPTS || !isPassing(error)) throw error;
      }
    }
  }

  async #plain<I, R>(command: PlainCommand<I, R>, input: I, context: OpenCommand): Promise<Decided<R>> {
    const repeated = await this.#takeKey<R>(context);
    if (repeated) return repeated;
    const { tx, actor, now } = context;
    const { value, events, stream } = unwrap(await command.run(context, input));
    await crossing("audit.append", () => appendAudit(tx, stream, actor, events, "done", now));
    await this.#finish(context, [], events, undefined, value);
    return { value, events };
  }

  async #onNewChange<I, R>(command: CreatingCommand<I, R>, input: I, context: OpenCommand): Promise<Decided<R>> {
    const repeated = await this.#takeKey<R>(context);
    if (repeated) return repeated;
    const situation = await loadSituation(context.tx, null, context.now);
    const made = unwrap(await command.run({ ...context, situation }, input));
    return await this.#saveChange(context, made.process, undefined, {
      ...made,
      situation: made.situation ?? situation,
    });
  }

  async #onChange<I extends { readonly id: string }, R>(
    command: ChangeCommand<I, R>,
    input: I,
    context: OpenCommand,
    request: Request,
  ): Promise<Decided<R>> {
    const { tx, now, claim } = context;
    if (!couldBeReference(input.id)) throw new Rollback(unknownChange(input.id));
    const load = [...changeQueries(tx, input.id, true), situationQuery(tx, input.id)] as const;
    const [taken, rows, votes, situations] = await (claim
      ? together(tx, [claim.take, ...load])
      : together(tx, load).then((loaded) => [undefined, ...loaded] as const));
    const repeated = await this.#earlier<R>(claim, taken);
    if (repeated) return repeated;
    const change = unwrap(changeFrom(input.id, rows, votes));
    if (request.expectedVersion !== undefined && request.expectedVersion !== change.version) {
      throw new Rollback(
        refuse(
          "STALE_VERSION",
          `${change.number} is at version ${change.version}; you looked at version ${request.expectedVersion}.`,
          "Read it again and repeat what you wanted to do.",
          {
            details: { current: change.version },
          },
        ),
      );
    }
    unwrap(checkConcern(context.actor, command.permission, change));
    const process = await context.processes.pinned(tx, change.process.hash);
    if (command.duty) unwrap(checkDuty(process.duties, change.requester, context.actor.handle, command.duty));
    let situation = situationFrom(situations, change.id, now);
    const result = unwrap(
      await command.run(
        {
          ...context,
          change,
          process,
          situation,
          move: (trigger, from, environment) => moveBy(trigger, from, { process, situation }, environment),
          reload: async () => {
            situation = await loadSituation(tx, change, now);
            return situation;
          },
        },
        input,
      ),
    );
    return await this.#saveChange(context, result.process ?? process, change, { ...result, situation });
  }

  async #saveChange<R>(
    context: OpenCommand,
    process: Process,
    before: Change | undefined,
    result: ChangeResult<R>,
  ): Promise<Decided<R>> {
    const { tx, now, actor } = context;
    const own = [...result.events, ...(result.moved?.events ?? [])];
    const settled = settle(result.change, { process, situation: result.situation! }, happenings(own));
    const moves = [...(result.moved?.moves ?? []), ...settled.moves];
    const asked = askedSince(settled.change.asked, moves, now.toISOString());
    const change: Change = {
      ...settled.change,
      ...(asked === undefined ? {} : { asked }),
      version: (before?.version ?? 0) + 1,
      updatedAt: now.toISOString(),
    };
    const events: AuditEvent[] = [...own, ...settled.events].map((event) => ({ ...event, change }));
    const writes = [
      ...(await changeWrites(tx, change, process, before)),
      ...keepDeadlines(tx, process, change, result.situation!),
      ...historyRows(tx, change.id, moves, { by: actor.handle, at: now }),
    ];
    const [locked] = await crossing("change.save", () => together(tx, [lockStream(tx, change.id), ...writes]));
    const entries =
      events.length === 0
        ? []
        : [entriesAfter(tx, await lastOf(tx, change.id, locked, now), { actor, events, outcome: "done", now })];
    await this.#finish(context, entries, events, change.id, result.value);
    return { value: result.value, events };
  }

  /** The last statements of a command: its entries in the trail, what others work on in the background, and its result. */
  async #finish(
    { name, tx, claim }: OpenCommand,
    entries: readonly CompiledQuery<unknown>[],
    events: readonly AuditEvent[],
    changeId: string | undefined,
    value: unknown,
  ): Promise<void> {
    const happened = events.map((event) => ({
      type: event.type,
      changeId: changeId ?? event.change?.id ?? null,
      details: event.details,
    }));
    const result = claim ? [claim.keep(value)] : [];
    await crossing(`door.${name}.result`, () => together(tx, [...entries, ...outboxRows(tx, happened), ...result]));
  }

  /** Takes the idempotency key; answers with the earlier result when it was used before. */
  async #takeKey<R>({ tx, claim }: OpenCommand): Promise<Decided<R> | undefined> {
    if (!claim) return undefined;
    return await this.#earlier(claim, (await tx.executeQuery(claim.take)).rows);
  }

  async #earlier<R>(claim: Claim | undefined, taken: readonly unknown[] | undefined): Promise<Decided<R> | undefined> {
    if (!claim || taken?.length !== 0) return undefined;
    const earlier = await claim.earlier();
    if ("ok" in earlier) throw new Rollback(earlier);
    return { value: earlier.value as R, events: [] };
  }

  #isWritten(actor: Actor, code: string, now: number): boolean {
    if (!isNobody(actor)) return this.#refusals.admits(actor.handle, code, now);
    const { handle, ipAddress = "" } = actor;
    return (
      this.#refusals.admits(`${handle} at ${senderOf(ipAddress)}`, code, now) &&
      this.#refusalsOfNobodyKnown.admits(handle, "", now)
    );
  }

  /**
   * Writes a refusal into the trail as `<what>.refused`, about the change that `input.id` names, with the operation that was asked for
   * where no command was. Of equal ones by one person, and by
   * nobody known from one address, only some are written each minute.
   */
  async recordRefusal(what: string, input: unknown, refusal: Refusal, actor: Actor, operation?: string): Promise<void> {
    const now = this.#now();
    if (!this.#isWritten(actor, refusal.code, now.getTime())) return;
    const { db } = this.#options;
    const reference = typeof input === "object" && input !== null && "id" in input ? String(input.id) : undefined;
    await db.transaction().execute(async (tx) => {
      const found = reference === undefined ? undefined : await loadChange(tx, reference);
      const event: AuditEvent = {
        type: `${what}.refused`,
        details: { code: refusal.code, message: refusal.message, ...(operation === undefined ? {} : { operation }) },
        ...(found?.ok ? { change: found.value } : {}),
      };
      await appendAudit(tx, `refused:${actor.userId}`, actor, [event], "refused", now);
    });
  }
}

/** Carries a refusal out of the transaction, which is rolled back by it. */
class Rollback extends Error {
  readonly refused: Refused;
  constructor(refused: Refused) {
    super(refused.refusal.message);
    this.refused = refused;
  }
}

function unwrap<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Rollback(outcome);
  return outcome.value;
}
