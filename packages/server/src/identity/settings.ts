import { accept, type Outcome, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { DEFAULT_TERMS, type SessionTerms } from "./sessions.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** How long sessions last: CHANGE_MGMT_SESSION_IDLE_MINUTES and CHANGE_MGMT_SESSION_MAX_HOURS. Refusal: SETTING_INVALID. */
export function sessionTerms(env: Environment): Outcome<SessionTerms> {
  const idle = wholeNumber(env, "CHANGE_MGMT_SESSION_IDLE_MINUTES", { least: 1, most: 60 * 24 * 30 });
  if (!idle.ok) return idle;
  const longest = wholeNumber(env, "CHANGE_MGMT_SESSION_MAX_HOURS", { least: 1, most: 24 * 90 });
  if (!longest.ok) return longest;
  return accept({
    idleMs: idle.value === undefined ? DEFAULT_TERMS.idleMs : idle.value * 60_000,
    longestMs: longest.value === undefined ? DEFAULT_TERMS.longestMs : longest.value * 3_600_000,
  });
}

/** The address people reach the server at, from CHANGE_MGMT_PUBLIC_URL, as an origin; undefined: what each request says. Refusal: SETTING_INVALID. */
export function publicAddress(env: Environment): Outcome<string | undefined> {
  const name = "CHANGE_MGMT_PUBLIC_URL";
  const text = (env[name] ?? "").trim();
  if (text === "") return accept(undefined);
  const hint = "Such as https://changes.example.org, without a path: the pages are served at the root of their host.";
  if (!URL.canParse(text)) return settingInvalid(name, "is not an address.", hint);
  const { protocol, origin, pathname, username, password, search, hash } = new URL(text);
  if (protocol !== "https:" && protocol !== "http:") return settingInvalid(name, "is neither http nor https.", hint);
  if (pathname !== "/" || username || password || search || hash)
    return settingInvalid(name, "is more than a scheme, a host and a port.", hint);
  return accept(origin);
}

/** Whose word about who asks is believed, from CHANGE_MGMT_TRUST_PROXY: `true`, or the addresses of the proxies in front. */
export function trustedProxies(env: Environment): boolean | string[] {
  const text = (env.CHANGE_MGMT_TRUST_PROXY ?? "").trim();
  if (text === "" || text === "false") return false;
  return text === "true" || text.split(",").map((address) => address.trim());
}

/** The refusal of a setting of the environment; never repeats a secret value. */
export function settingInvalid(name: string, problem: string, hint: string): Refused {
  return refuse("SETTING_INVALID", `${name} ${problem}`, hint, { details: { setting: name } });
}

function wholeNumber(
  env: Environment,
  name: string,
  { least, most }: { least: number; most: number },
): Outcome<number | undefined> {
  const text = env[name];
  if (text === undefined || text === "") return accept(undefined);
  const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (number >= least && number <= most) return accept(number);
  return settingInvalid(name, `is not a whole number from ${least} to ${most}.`, "Correct it, or leave it out.");
}
