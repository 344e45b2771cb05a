import type { CallOutput } from "@change-mgmt/api/client.ts";
import { ROLES, type Role } from "@change-mgmt/domain/identity/roles.ts";
import type { OptionSpec } from "../command.ts";
import type { Page } from "../output/page.ts";
import { usage } from "../stop.ts";

export type User = CallOutput<"users.create">;

export const roleOption: OptionSpec = {
  flags: "--role <role>",
  about: "permission role",
  repeatable: true,
  choices: ROLES,
};
export const positionOption: OptionSpec = {
  flags: "--position <position@team>",
  about: "position held in a team, or without @team in the whole workspace",
  repeatable: true,
};

/** Roles as they were typed; the parser has checked them against the choices. */
export function readRoles(typed: readonly string[]): Role[] {
  return ROLES.filter((role) => typed.includes(role));
}

/** Positions as they were typed: `position` or `position@team`. */
export function readPositions(typed: readonly string[]): { position: string; team?: string }[] {
  return typed.map((text) => {
    const [position = "", team, more] = text.split("@");
    if (!position || team === "" || more !== undefined)
      throw usage(`--position=${text} names no position.`, "Write --position=tech-lead@data, or --position=architect.");
    return { position, ...(team === undefined ? {} : { team }) };
  });
}

/** A person in a few lines. */
export function userLines(user: User, { colours }: Page): string[] {
  const positions = user.positions.map(({ position, team }) => (team ? `${position}@${team}` : position));
  return [
    `${colours.bold(user.handle)} (${user.name})${user.email ? ` ${user.email}` : ""}${user.disabled ? colours.red(" disabled") : ""}`,
    `roles      ${user.roles.join(", ") || "none"}`,
    `teams      ${user.teams.join(", ") || "none"}`,
    `positions  ${positions.join(", ") || "none"}`,
  ];
}
