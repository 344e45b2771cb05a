import type { KnownPerson } from "@change-mgmt/domain/change/situation.ts";
import type { HeldPosition, Role } from "@change-mgmt/domain/identity/roles.ts";
import { type RawBuilder, sql } from "kysely";

/** What a query that selects `holdings` answers with beside its own columns. */
export interface HoldingsRow {
  readonly roles: Role[];
  readonly teams: string[];
  readonly positions: { readonly position: string; readonly team: string | null }[];
}

/** Columns `roles`, `teams` and `positions` of a person; the query names the users table `u`. */
export const holdings = sql`
  coalesce((SELECT json_agg(r.role ORDER BY r.role) FROM change_mgmt.user_roles r WHERE r.handle = u.handle), '[]') AS roles,
  coalesce((SELECT json_agg(m.team ORDER BY m.team) FROM change_mgmt.team_members m WHERE m.handle = u.handle), '[]') AS teams,
  coalesce((SELECT json_agg(json_build_object('position', p.position, 'team', p.team) ORDER BY p.id)
    FROM change_mgmt.user_positions p WHERE p.handle = u.handle), '[]') AS positions`;

/** Those columns as the domain has them: a position without a team is for the whole workspace. */
export function held({ roles, teams, positions }: HoldingsRow): {
  roles: Role[];
  teams: string[];
  positions: HeldPosition[];
} {
  return {
    roles,
    teams,
    positions: positions.map(({ position, team }) => (team === null ? { position } : { position, team })),
  };
}

export type PersonRow = HoldingsRow & { readonly handle: string };

/** Everybody who is not disabled, with what they hold. */
export const PEOPLE: RawBuilder<PersonRow> = sql<PersonRow>`
  SELECT u.handle, ${holdings} FROM change_mgmt.users u WHERE u.disabled_at IS NULL ORDER BY u.handle`;

export function personOf(row: PersonRow): KnownPerson {
  return { handle: row.handle, ...held(row) };
}
