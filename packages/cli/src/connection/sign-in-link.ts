import { usage } from "../stop.ts";

/** The server and the one-time code of a sign-in link: the code stands in its query, its fragment or at the end of its path. */
export function readSignInLink(link: string): { server: string; code: string } {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  const code =
    url && (url.searchParams.get("code") || fragmentCode(url) || url.pathname.split("/").filter(Boolean).at(-1));
  if (url && /^https?:$/.test(url.protocol) && code) return { server: url.origin, code };
  throw usage(
    `"${link}" is no sign-in link.`,
    "It is the address that serve, or change-mgmt link, printed. A code alone goes with --code.",
  );
}

/** `#name=code` or `#code`. */
function fragmentCode({ hash }: URL): string | undefined {
  const text = hash.slice(1);
  return [...new URLSearchParams(text).values()].find(Boolean) ?? text;
}
