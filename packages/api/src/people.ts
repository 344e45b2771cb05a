import { ROLES } from "@change-mgmt/domain/identity/roles.ts";
import { z } from "zod";

const time = z.iso.datetime();
export const Handle = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._@-]{0,99}$/,
    "lower-case letters, digits, dot, dash, underscore and @; starts with a letter or digit",
  );

export const User = z
  .object({
    id: z.string(),
    handle: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    roles: z.array(z.enum(ROLES)),
    teams: z.array(z.string()),
    positions: z.array(z.object({ position: z.string(), team: z.string().optional() })),
    disabled: z.boolean(),
    createdAt: time,
  })
  .meta({ id: "User" });

/** Handles by which the trail names what is not a person. */
const RESERVED = ["anonymous", "anybody", "engine", "identity-provider", "installer"];

export const CreateUser = z
  .object({
    handle: Handle.refine((handle) => !RESERVED.includes(handle), "this handle stands for the product itself"),
    name: z.string().min(1).max(200),
    email: z.email().max(320).optional(),
    roles: z.array(z.enum(ROLES)).max(ROLES.length).default(["requester"]),
    teams: z.array(z.string().max(100)).max(100).default([]),
    positions: z
      .array(z.object({ position: z.string().min(1).max(100), team: z.string().max(100).optional() }))
      .max(100)
      .default([]),
  })
  .meta({ id: "CreateUser" });

/** What of a person changes; lists replace what was there. */
export const EditUser = z
  .object({
    name: z.string().min(1).max(200).optional(),
    email: z.email().max(320).nullable().optional(),
    roles: z.array(z.enum(ROLES)).max(ROLES.length).optional(),
    positions: z
      .array(z.object({ position: z.string().min(1).max(100), team: z.string().max(100).optional() }))
      .max(100)
      .optional(),
    disabled: z.boolean().optional(),
  })
  .meta({ id: "EditUser" });

export const Team = z
  .object({ id: z.string(), name: z.string(), title: z.string(), members: z.array(z.string()) })
  .meta({ id: "Team" });

export const TeamName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "lower-case letters, digits and dashes");
export const CreateTeam = z
  .object({ name: TeamName, title: z.string().min(1).max(200).optional() })
  .meta({ id: "CreateTeam" });
export const TeamMember = z.object({ user: Handle }).meta({ id: "TeamMember" });

/** Scopes a token may be limited to; a token without scopes may do everything its owner may. */
export const SCOPES = ["read", "changes", "votes", "deployments", "reports", "administration"] as const;

export const Token = z
  .object({
    id: z.string(),
    name: z.string(),
    user: z.string(),
    scopes: z.array(z.enum(SCOPES)).nullable(),
    createdAt: time,
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable(),
    revokedAt: time.nullable(),
  })
  .meta({ id: "Token" });

export const CreateToken = z
  .object({
    name: z.string().min(1).max(100),
    user: Handle.optional().describe("Left out: oneself; for others only administrators"),
    scopes: z.array(z.enum(SCOPES)).min(1).optional(),
    expiresInDays: z.number().int().min(1).max(3650).optional(),
  })
  .meta({ id: "CreateToken" });

/** The only time the secret is shown; the server keeps its hash. */
export const NewToken = Token.extend({ secret: z.string() }).meta({ id: "NewToken" });

export const CreateLink = z
  .object({
    user: Handle,
    hours: z
      .number()
      .int()
      .min(1)
      .max(72)
      .optional()
      .describe("How long it can be used; a quarter of an hour when left out"),
  })
  .meta({ id: "CreateLink" });
export const NewLink = z.object({ url: z.string(), expiresAt: time }).meta({ id: "NewLink" });
/** Six digits of an authenticator app, or a recovery code. */
const FactorText = z.string().min(6).max(40);
const LinkCode = z.string().min(10).max(200);
export const ExchangeLink = z.object({ code: LinkCode, factor: FactorText.optional() }).meta({ id: "ExchangeLink" });

/** Longer texts than any password may be are refused before they are hashed. */
const PasswordText = z.string().min(1).max(1024);

/** By handle or e-mail address and password, or by the code of a one-time link; `factor` once a second factor is enrolled. */
export const SignIn = z
  .union([
    z.object({ login: z.string().min(1).max(320), password: PasswordText, factor: FactorText.optional() }),
    z.object({ link: LinkCode, factor: FactorText.optional() }),
  ])
  .meta({ id: "SignIn" });

export const Session = z
  .object({
    id: z.string(),
    user: z.string(),
    method: z.string().describe("What it was begun with, such as: password, password and second factor, link"),
    address: z.string().nullable().describe("Where it was last used from"),
    userAgent: z.string().nullable(),
    createdAt: time,
    lastUsedAt: time,
    expiresAt: time.describe("At the latest; sooner without use"),
    current: z.boolean(),
  })
  .meta({ id: "Session" });

/** With the code of a link, with the current password, or, just after signing in with a link, with neither. */
export const SetPassword = z
  .object({ link: LinkCode.optional(), current: PasswordText.optional(), password: PasswordText })
  .meta({ id: "SetPassword" });
/** `signedIn` is false where a second factor has to be given first. */
export const PasswordSet = z.object({ user: z.string(), signedIn: z.boolean() }).meta({ id: "PasswordSet" });

/** `password` is asked of those who have one. */
export const EnrolFactor = z.object({ password: PasswordText.optional() }).meta({ id: "EnrolFactor" });
/** Shown this once: for the app by `uri` (as a QR code), for typing by `secret`. It counts once it is confirmed. */
export const NewFactor = z.object({ secret: z.string(), uri: z.string() }).meta({ id: "NewFactor" });
export const FactorCode = z.object({ code: FactorText }).meta({ id: "FactorCode" });
/** Shown this once; each lets one in without the app, once. */
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) }).meta({ id: "RecoveryCodes" });

export const WhoAmI = z
  .object({
    handle: z.string(),
    name: z.string(),
    roles: z.array(z.enum(ROLES)),
    teams: z.array(z.string()),
    scopes: z.array(z.enum(SCOPES)).nullable(),
    permissions: z.array(z.string()),
    account: z
      .object({
        password: z.boolean(),
        factor: z.boolean(),
        recoveryCodes: z.number().int().describe("How many are left"),
        session: z.string().nullable().describe("The session of this request; null with a token"),
      })
      .optional(),
  })
  .meta({ id: "WhoAmI" });
