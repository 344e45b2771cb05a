import { randomBytes, randomUUID } from "node:crypto";
import { type Client, createClient, ProblemError } from "@change-mgmt/api/client.ts";
import type { Problem } from "@change-mgmt/api/problem.ts";
import { SAMPLE_PEOPLE } from "@change-mgmt/server/installation/sample-workspace.ts";
import { expect } from "vitest";

const HANDLES = ["admin", "rosa", "dev", "lena", "archie", "olga", "quinn", "bora", "audrey"] as const;
export type Handle = (typeof HANDLES)[number];

/** Somebody who is signed in. */
export interface Person {
  readonly handle: Handle;
  readonly token: string;
  readonly ask: Client;
}

export type People = Readonly<Record<Handle, Person>>;

/** A secret for `CHANGE_MGMT_ADMIN_TOKEN`. */
export function newAdminToken(): string {
  return `admin-${randomBytes(24).toString("hex")}`;
}

/** A client of a server; each POST gets a key of its own. */
export function clientOf(address: string, token?: string): Client {
  return createClient({ baseUrl: address, newKey: randomUUID, ...(token === undefined ? {} : { token }) });
}

/** The same people as clients of another server on the same store. */
export function at(address: string, people: People): People {
  return Object.fromEntries(
    Object.values(people).map((person) => [person.handle, { ...person, ask: clientOf(address, person.token) }]),
  ) as unknown as People;
}

/** Gives every person of the sample, or those named, a token, in the name of the administrator. */
export async function signIn(
  address: string,
  adminToken: string,
  handles: readonly Handle[] = HANDLES,
): Promise<People> {
  const admin = clientOf(address, adminToken);
  const people: Partial<Record<Handle, Person>> = {};
  for (const handle of handles) {
    const token =
      handle === "admin"
        ? adminToken
        : (await admin("tokens.create", { body: { name: "acceptance", user: handle } })).secret;
    people[handle] = { handle, token, ask: clientOf(address, token) };
  }
  return people as People;
}

/** Adds the people of the sample to a workspace that has their teams. */
export async function addSamplePeople(admin: Client): Promise<void> {
  for (const { handle, name, roles, teams } of SAMPLE_PEOPLE)
    await admin("users.create", { body: { handle, name, roles: [...roles], teams: [...teams] } });
}

/** The refusal a call ends with; it must carry a code, a sentence and a hint. */
export async function refusalOf(call: Promise<unknown>): Promise<Problem> {
  const answer = await call.then(
    (value) => ({ accepted: value }),
    (error: unknown) => error,
  );
  if (!(answer instanceof ProblemError))
    throw new Error(`not a refusal: ${String(JSON.stringify(answer)).slice(0, 500)}`, { cause: answer });
  const { problem } = answer;
  expect(problem.code).toMatch(/^[A-Z][A-Z_]+$/);
  expect(problem.detail).toMatch(/\S.*[.!?:)]$/s);
  expect(problem.hint).toMatch(/\S/);
  expect(problem.status).toBeGreaterThanOrEqual(400);
  expect(problem.status).toBeLessThan(600);
  return problem;
}
