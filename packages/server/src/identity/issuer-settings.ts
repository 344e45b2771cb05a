import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { ROLES, type Role } from "@change-mgmt/domain/identity/roles.ts";
import { settingInvalid } from "./settings.ts";

/** Whose bearer tokens are taken besides our own, and how their claims are read. */
export interface IssuerSettings {
  readonly issuer: string;
  readonly audience: string;
  /** Where the keys are; undefined: where the issuer's discovery document says, on the issuer's own origin. */
  readonly keysAddress: URL | undefined;
  /** Hosts of those addresses that may be on a private network. */
  readonly privateHosts: ReadonlySet<string>;
  /** A shared secret for HS256, as older installations of such systems use; no other symmetric algorithm is taken. */
  readonly sharedSecret: Uint8Array | undefined;
  /** The claim that says who it is; undefined: email, else preferred_username. */
  readonly claim: string | undefined;
  readonly roleClaim: string | undefined;
  /** What a value of the role claim gives. */
  readonly roles: ReadonlyMap<string, Role>;
  readonly teamClaim: string | undefined;
  /** The role that somebody gets who comes for the first time; undefined: nobody is added. */
  readonly create: Role | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = "CHANGE_MGMT_OIDC_";
const LEAST_SECRET_BYTES = 32;

/** The issuer that the environment names; undefined when it names none. Refusal: SETTING_INVALID. */
export function issuerSettings(env: Environment): Outcome<IssuerSettings | undefined> {
  const read = (name: string) => env[PREFIX + name]?.trim() || undefined;
  const issuer = read("ISSUER");
  const secret = env.CHANGE_MGMT_JWT_SECRET || undefined;
  if (issuer === undefined) {
    const alone =
      Object.keys(env).find((name) => name.startsWith(PREFIX) && env[name]) ?? (secret && "CHANGE_MGMT_JWT_SECRET");
    return alone
      ? settingInvalid(alone, `is set without ${PREFIX}ISSUER.`, "Name the issuer whose tokens are taken.")
      : accept(undefined);
  }
  if (!isSafeAddress(issuer)) {
    return settingInvalid(`${PREFIX}ISSUER`, "is not an https address.", "Plain http is taken on this machine alone.");
  }
  const audience = read("AUDIENCE");
  if (audience === undefined) {
    return settingInvalid(
      `${PREFIX}AUDIENCE`,
      "is missing.",
      "Without it a token made for another application would be taken here.",
    );
  }
  const keys = read("JWKS_URL");
  if (keys !== undefined && !isSafeAddress(keys)) {
    return settingInvalid(
      `${PREFIX}JWKS_URL`,
      "is not an https address.",
      "Plain http is taken on this machine alone.",
    );
  }
  if (secret !== undefined && Buffer.byteLength(secret) < LEAST_SECRET_BYTES) {
    return settingInvalid(
      "CHANGE_MGMT_JWT_SECRET",
      `is shorter than ${LEAST_SECRET_BYTES} bytes.`,
      "A short secret can be guessed from one token.",
    );
  }
  const roles = rolesOf(read("ROLES"));
  if (!roles.ok) return roles;
  const create = read("CREATE");
  if (create !== undefined && (!isRole(create) || create === "administrator")) {
    return settingInvalid(`${PREFIX}CREATE`, "is not a role that newcomers can get.", "The usual one is requester.");
  }
  const hosts = read("PRIVATE_HOSTS");
  return accept({
    issuer,
    audience,
    keysAddress: keys === undefined ? undefined : new URL(keys),
    privateHosts: new Set(hosts?.toLowerCase().split(/[\s,]+/)),
    sharedSecret: secret === undefined ? undefined : Buffer.from(secret, "utf8"),
    claim: read("CLAIM"),
    roleClaim: read("ROLE_CLAIM"),
    roles: roles.value,
    teamClaim: read("TEAM_CLAIM"),
    create,
  });
}

/** Whether keys and documents may be fetched from there: by https, or from this very machine. */
export function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username || password || hash) return false;
  const loopback = hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return protocol === "https:" || (protocol === "http:" && loopback);
}

/** `value=role,value=role`; left out, the names of the roles themselves. */
function rolesOf(text: string | undefined): Outcome<ReadonlyMap<string, Role>> {
  if (text === undefined) return accept(new Map(ROLES.map((role) => [role, role])));
  const roles = new Map<string, Role>();
  for (const pair of text.split(",")) {
    const at = pair.lastIndexOf("=");
    const value = pair.slice(0, Math.max(at, 0)).trim();
    const role = pair.slice(at + 1).trim();
    if (value === "" || !isRole(role)) {
      return settingInvalid(
        `${PREFIX}ROLES`,
        `has a part that is not value=role: "${pair.trim()}".`,
        `Roles: ${ROLES.join(", ")}.`,
      );
    }
    roles.set(value, role);
  }
  return accept(roles);
}

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}
