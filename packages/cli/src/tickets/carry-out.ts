import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { LyingTicket } from "@change-mgmt/analysis/tickets/board.ts";
import { keyFor, PRIORITIES, writeTicket } from "@change-mgmt/analysis/tickets/ticket.ts";
import { ProblemError } from "@change-mgmt/api/client.ts";
import type { Folder } from "@change-mgmt/domain/tickets/in-step.ts";
import type { Change } from "../change/change-types.ts";
import { type FormField, fetchForm } from "../change/field-values.ts";
import type { Context } from "../context.ts";
import { Stop, usage } from "../stop.ts";
import { moveFile, writeNewFile } from "./board-files.ts";
import type { Planned } from "./plan.ts";
import type { Repository } from "./sides.ts";

/** What became of one thing that was planned. */
export interface Done {
  readonly act: Planned["act"];
  readonly component: string;
  readonly key: string;
  readonly file: string | null;
  readonly change: string | null;
  /** False for a conflict, and for what was refused. */
  readonly ok: boolean;
  readonly message: string;
  readonly code?: string;
  readonly hint?: string;
}

/** What new changes are created as. */
export interface NewChanges {
  readonly process: string | undefined;
  readonly type: string | undefined;
}

/** Carries out a plan, one thing after the other; what the server or the disk refuses is told and the rest goes on. */
export class SyncWork {
  readonly #context: Context;
  readonly #repository: Repository;
  readonly #created: NewChanges;
  /** Keys there are by component, so that a new ticket gets a name of its own. */
  readonly #keys: Map<string, Set<string>>;
  #form: Promise<readonly FormField[] | undefined> | undefined;

  constructor(
    context: Context,
    repository: Repository,
    created: NewChanges,
    keys: readonly { readonly component: string; readonly key: string }[],
  ) {
    this.#context = context;
    this.#repository = repository;
    this.#created = created;
    this.#keys = new Map(
      [...Map.groupBy(keys, ({ component }) => component)].map(([component, ones]) => [
        component,
        new Set(ones.map(({ key }) => key)),
      ]),
    );
  }

  async do(planned: Planned): Promise<Done> {
    const { act, component, key, file, change } = planned;
    const about = { act, component, key, file, change };
    if (planned.act === "conflict")
      return { ...about, ok: false, code: "TICKET_CONFLICT", message: planned.why, hint: planned.hint };
    try {
      return { ...about, ok: true, ...(await this.#carryOut(planned)) };
    } catch (error) {
      if (error instanceof Stop && error.exit === 2) throw error;
      const trouble =
        error instanceof ProblemError && error.problem.status < 500
          ? error.problem
          : error instanceof Stop
            ? error.trouble
            : undefined;
      if (trouble === undefined) throw error;
      const { code, detail, hint, problems = [] } = trouble;
      const message = [detail, ...problems.map((problem) => problem.message)].join(" ");
      return { ...about, ok: false, code, message, ...(hint === undefined ? {} : { hint }) };
    }
  }

  async #carryOut(planned: Exclude<Planned, { act: "conflict" }>): Promise<Partial<Done> & { message: string }> {
    const { client } = this.#context;
    const { component, key } = planned;
    switch (planned.act) {
      case "create": {
        const created = await this.#create(planned.ticket);
        await this.#keep(created.number, component, key, "todo");
        return { change: created.number, message: `${created.number} was created as a draft` };
      }
      case "link":
        await this.#keep(planned.change, component, key, planned.folder);
        return { message: `belongs to ${planned.change}, as it says` };
      case "note":
        await this.#keep(planned.change, component, key, planned.folder);
        return { message: `${planned.change} and its ticket have both come to ${planned.folder}` };
      case "write":
        return await this.#write(planned.component, planned.change, planned.folder);
      case "move": {
        const to = this.#fileOf(component, key, planned.to);
        await moveFile(this.#repository.root, planned.file, to);
        await this.#keep(planned.change, component, key, planned.to);
        return { file: to, message: `moved from ${planned.from} to ${planned.to}, where ${planned.change} is` };
      }
      case "submit":
        await client("changes.submit", { params: { id: planned.change }, body: {} });
        return { message: `${planned.change} was submitted, since its ticket was moved to ${planned.folder}` };
      case "close":
        await client("changes.close", { params: { id: planned.change }, body: {} });
        await this.#keep(planned.change, component, key, planned.folder);
        return { message: `${planned.change} was closed, since its ticket was moved to ${planned.folder}` };
    }
  }

  async #keep(change: string, component: string, key: string, folder: Folder): Promise<void> {
    await this.#context.client("tickets.keep", { params: { id: change }, body: { component, key, folder } });
  }

  #fileOf(component: string, key: string, folder: Folder): string {
    return posix.join(this.#repository.boards.get(component)!, folder, `${key}.md`);
  }

  async #create(ticket: LyingTicket): Promise<Change> {
    const { process, type } = this.#created;
    if (type === undefined)
      throw usage(
        `A ticket says no type of change, and ${ticket.file} is to become one.`,
        "Say the type of new changes, such as --type=add-field, or leave them out with --no-create.",
      );
    this.#form ??= fetchForm(this.#context, process);
    const form = await this.#form;
    const has = (id: string) => form?.find((field) => field.id === id);
    const components = form?.find(({ kind }) => kind === "components")?.id;
    const priority = has("priority")?.values?.find((value) => value.toLowerCase() === ticket.priority?.toLowerCase());
    const fields = {
      title: ticket.title,
      type,
      ...(has("description") === undefined || ticket.body === "" ? {} : { description: ticket.body }),
      ...(priority === undefined ? {} : { priority }),
      ...(components === undefined ? {} : { [components]: [ticket.component] }),
    };
    const hash = createHash("sha256")
      .update(JSON.stringify([ticket.component, ticket.key, fields]))
      .digest("hex");
    const change = await this.#context.client("changes.create", {
      body: { ...(process === undefined ? {} : { process }), fields, artifacts: [], submit: false },
      idempotencyKey: `ticket-${hash.slice(0, 48)}`,
    });
    const said = [
      ...(ticket.requester === undefined ? [] : [`requested by ${ticket.requester}`]),
      ...(ticket.priority === undefined || priority !== undefined ? [] : [`priority ${ticket.priority}`]),
      ...(ticket.date === undefined ? [] : [`dated ${ticket.date}`]),
    ];
    await this.#context.client("changes.comment", {
      params: { id: change.id },
      body: { text: [`From the ticket ${ticket.file}`, ...said].join(", "), attachments: [] },
      idempotencyKey: `ticket-${hash.slice(0, 48)}-comment`,
    });
    return change;
  }

  async #write(component: string, number: string, folder: Folder): Promise<Partial<Done> & { message: string }> {
    const change = await this.#context.client("changes.get", { params: { id: number } });
    const date = change.createdAt.slice(0, 10);
    const key = this.#freeKey(component, keyFor(change.title, date));
    const file = this.#fileOf(component, key, folder);
    const priority = PRIORITIES.find((one) => one.toLowerCase() === change.priority.toLowerCase());
    // What it says of its change is what a next look goes by, should nothing else be told any more.
    await writeNewFile(
      this.#repository.root,
      file,
      writeTicket({
        title: change.title,
        requester: change.requester,
        ...(priority === undefined ? {} : { priority }),
        date,
        change: number,
        body: bodyOf(change),
      }),
    );
    await this.#keep(number, component, key, folder);
    return { key, file, message: `written for ${number}` };
  }

  #freeKey(component: string, wanted: string): string {
    const taken = this.#keys.get(component) ?? new Set();
    this.#keys.set(component, taken);
    let key = wanted;
    for (let n = 2; taken.has(key); n++) key = `${wanted}-${n}`;
    taken.add(key);
    return key;
  }
}

function bodyOf({ number, description, steps, process, type, artifacts }: Change): string {
  const open = steps.filter(({ completed, automatic }) => completed === undefined && !automatic);
  return [
    `## Description\n\n${description === "" ? "The change says no more than its title." : description}`,
    ...(open.length === 0 ? [] : [`## Requirements\n\n${open.map(({ title }) => `- ${title}`).join("\n")}`]),
    `## Context\n\nPart of the change request ${number} (${type}, by the process ${process}).${artifacts.length === 0 ? "" : ` It brings ${artifacts.map(({ name }) => name).join(", ")}.`}`,
  ].join("\n\n");
}
