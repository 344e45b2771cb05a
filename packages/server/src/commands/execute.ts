import { createHash } from "node:crypto";
import { canonicalJson } from "@change-mgmt/domain/change/canonical-json.ts";
import type { Change } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, type Refusal, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkDuty } from "@change-mgmt/domain/identity/duties.ts";
import { checkConcern, checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { happenings, moveBy, settle } from "@change-mgmt/domain/lifecycle/settle.ts";
import type { Process } from "@change-mgmt/domain/process/process.ts";
import { type AuditEvent, appendAudit } from "../audit/append.ts";
import { isNobody } from "../identity/actors.ts";
import { senderOf } from "../identity/attempts.ts";
import { addToOutbox } from "../outbox/add.ts";
import { loadChange, saveChange, saveVotes } from "../storage/change-record.ts";
import { crossing } from "../storage/crossing.ts";
import { newId } from "../storage/ids.ts";
import { json } from "../storage/json.ts";
import type { ProcessLibrary } from "../storage/process-record.ts";
import { loadSituation } from "../storage/situation-record.ts";
import type { Db, Tx } from "../storage/store.ts";
import type { ChangeCommand, ChangeResult, CommandContext, CreatingCommand, PlainCommand } from "./command.ts";
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
              const repeated = await this.#claimKey<R>(tx, command.name, input, request);
              if (repeated) return repeated;
              const context: CommandContext = { tx, actor: request.actor, now, processes: this.#options.processes };
              const decided =
                command.on === "workspace"
                  ? await this.#plain(command, input, context)
                  : await this.#onChange(command, input, context, request);
              await crossing(`door.${command.name}.result`, () => this.#keepResult(tx, request, decided.value));
              return decided;
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

  async #plain<I, R>(command: PlainCommand<I, R>, input: I, context: CommandContext): Promise<Decided<R>> {
    const { value, events, stream } = unwrap(await command.run(context, input));
    await crossing("audit.append", () => appendAudit(context.tx, stream, context.actor, events, "done", context.now));
    await addToOutbox(
      context.tx,
      events.map((event) => ({ type: event.type, changeId: event.change?.id ?? null, details: event.details })),
    );
    return { value, events };
  }

  async #onChange<I, R>(
    command: Exclude<AnyCommand<I, R>, PlainCommand<I, R>>,
    input: I,
    context: CommandContext,
    request: Request,
  ): Promise<Decided<R>> {
    const { tx, now } = context;
    if (command.on === "new-change") {
      const situation = await loadSituation(tx, null, now);
      const made = unwrap(await command.run({ ...context, situation }, input));
      return await this.#saveChange(context, made.process, undefined, {
        ...made,
        situation: made.situation ?? situation,
      });
    }
    const change = unwrap(await loadChange(tx, (input as { readonly id: string }).id, true));
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
    let situation = await loadSituation(tx, change, now);
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
        input as I & { readonly id: string },
      ),
    );
    return await this.#saveChange(context, result.process ?? process, change, { ...result, situation });
  }

  async #saveChange<R>(
    context: CommandContext,
    process: Process,
    before: Change | undefined,
    result: ChangeResult<R>,
  ): Promise<Decided<R>> {
    const { tx, now, actor } = context;
    const own = [...result.events, ...(result.moved?.events ?? [])];
    const settled = settle(result.change, { process, situation: result.situation! }, happenings(own));
    const change: Change = { ...settled.change, version: (before?.version ?? 0) + 1, updatedAt: now.toISOString() };
    const moves = [...(result.moved?.moves ?? []), ...settled.moves];
    const events: AuditEvent[] = [...own, ...settled.events].map((event) => ({ ...event, change }));
    await crossing("change.save", () => saveChange(tx, change, process, before === undefined));
    await saveVotes(tx, change, before?.votes ?? []);
    if (moves.length > 0) {
      await tx
        .insertInto("change_history")
        .values(
          moves.map((move) => ({
            id: newId(),
            change_id: change.id,
            from_stage: move.from,
            to_stage: move.to,
            from_status: move.fromStatus,
            to_status: move.toStatus,
            trigger: move.trigger,
            actor: actor.handle,
            created_at: now,
          })),
        )
        .execute();
    }
    await crossing("audit.append", () => appendAudit(tx, change.id, actor, events, "done", now));
    await addToOutbox(
      tx,
      events.map((event) => ({ type: event.type, changeId: change.id, details: event.details })),
    );
    return { value: result.value, events };
  }

  /** Takes the idempotency key, waiting for whoever holds it; answers with the earlier result when it was used before. */
  async #claimKey<R>(
    tx: Tx,
    command: string,
    input: unknown,
    { actor, idempotencyKey }: Request,
  ): Promise<Decided<R> | undefined> {
    if (idempotencyKey === undefined) return undefined;
    const inputHash = createHash("sha256")
      .update(canonicalJson(JSON.parse(JSON.stringify(input))))
      .digest("hex");
    const claimed = await tx
      .insertInto("idempotency_keys")
      .values({ actor: actor.userId, key: idempotencyKey, command, input_hash: inputHash })
      .onConflict((conflict) => conflict.columns(["actor", "key"]).doNothing())
      .returning("key")
      .executeTakeFirst();
    if (claimed) return undefined;
    const earlier = await tx
      .selectFrom("idempotency_keys")
      .selectAll()
      .where("actor", "=", actor.userId)
      .where("key", "=", idempotencyKey)
      .executeTakeFirstOrThrow();
    if (earlier.command !== command || earlier.input_hash !== inputHash) {
      throw new Rollback(
        refuse(
          "IDEMPOTENCY_KEY_REUSED",
          "This idempotency key was used for something else.",
          "Make a new key for each thing you want to happen.",
        ),
      );
    }
    return { value: (earlier.result as { value: R }).value, events: [] };
  }

  async #keepResult(tx: Tx, { actor, idempotencyKey }: Request, value: unknown): Promise<void> {
    if (idempotencyKey === undefined) return;
    await tx
      .updateTable("idempotency_keys")
      .set({ result: json<unknown>({ value: withoutSecret(value) }) })
      .where("actor", "=", actor.userId)
      .where("key", "=", idempotencyKey)
      .execute();
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
      const found = reference === undefined ? undefined : await loadChange(tx, reference, false);
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

/** A secret is shown once and never stored: a repeated call learns that it worked, not the secret. */
function withoutSecret(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("secret" in value)) return value;
  return { ...value, secret: "" };
}

/** Conflicts that only the database can see, because they are between transactions. */
function knownConflict(error: unknown): Refused | undefined {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code !== "23505") return undefined;
  switch (constraint) {
    case "deployments_one_per_environment":
      return refuse(
        "ENVIRONMENT_BUSY",
        "Another deployment has the environment at this moment.",
        "Wait until it has ended; the environment's page shows it.",
      );
    case "change_approvals_once":
      return refuse("ALREADY_VOTED", "You have voted on this already.", "A vote counts once.");
    case "users_handle_key":
      return refuse("HANDLE_TAKEN", "Somebody has this handle already.", "Choose another.", {
        place: { pointer: "/handle" },
      });
    case "saved_views_name":
      return refuse(
        "VIEW_EXISTS",
        "The owner has a saved view of this name already.",
        "Choose another name, or overwrite it.",
        {
          place: { pointer: "/name" },
        },
      );
    case "teams_name_key":
      return refuse("TEAM_EXISTS", "There is a team of this name already.", "Choose another name.", {
        place: { pointer: "/name" },
      });
    default:
      return undefined;
  }
}

/** Serialization failures and deadlocks pass when the transaction is tried again. */
function isPassing(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === "40001" || code === "40P01";
}
