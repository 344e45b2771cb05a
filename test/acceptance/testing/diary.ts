import type { Problem } from "@change-mgmt/api/problem.ts";
import type { AuditEntry } from "@change-mgmt/domain/audit/entry.ts";
import { expect } from "vitest";
import { type Person, refusalOf } from "./people.ts";

/** An act as the trail must tell of it. */
export interface Told {
  readonly actor: string;
  /** Event of an act that was done, or `<command>.refused`. */
  readonly event: string;
  /** Number of the change; null for acts on something else. */
  readonly change: string | null;
  /** Of a refusal. */
  readonly code?: string;
}

/** Keeps what people did and were refused, to hold it against the audit trail. */
export class Diary {
  readonly acts: Told[] = [];

  /** An act that is done. */
  async did<T extends object>(who: Person, event: string, act: Promise<T>, change?: string): Promise<T> {
    const answer = await act;
    this.acts.push({ actor: who.handle, event, change: change ?? ("number" in answer ? String(answer.number) : null) });
    return answer;
  }

  /** An act that is refused with a code, a sentence and a hint. */
  async wasRefused(
    who: Person,
    command: string,
    change: string | null,
    code: string,
    act: Promise<unknown>,
  ): Promise<Problem> {
    const problem = await refusalOf(act);
    expect({ code: problem.code, detail: problem.detail }).toEqual({ code, detail: problem.detail });
    this.acts.push({ actor: who.handle, event: `${command}.refused`, change, code });
    return problem;
  }

  /** Every act has an entry of its own in the trail, and the people of the diary did nothing else that is told there. */
  heldAgainst(entries: readonly AuditEntry[]): void {
    const told = (entry: AuditEntry): Told => ({
      actor: entry.actor.handle,
      event: entry.event_type,
      change: entry.change_request_id,
      ...(entry.outcome === "refused" ? { code: String(entry.details.code) } : {}),
    });
    const words = (act: Told) => `${act.actor} ${act.event} ${act.change ?? "-"} ${act.code ?? ""}`.trim();
    const events = new Set(this.acts.map((act) => act.event));
    const people = new Set(this.acts.map((act) => act.actor));
    // What follows by itself from an act is told in its name, as the engine's work.
    const own = entries.filter((entry) => entry.details.by !== "engine");
    const found = own.map(told).filter((act) => people.has(act.actor) && events.has(act.event));
    expect(found.map(words).sort()).toEqual(this.acts.map(words).sort());
    for (const entry of entries) {
      expect(entry.actor.user_id).toMatch(/^[0-9a-f-]{36}$/);
      expect(entry.timestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    }
  }
}
