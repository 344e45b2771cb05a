/** A line of a CODEOWNERS file that names somebody, or nobody on purpose. */
export interface OwnerRule {
  readonly pattern: string;
  readonly owners: readonly string[];
  readonly line: number;
}

/** Reads a CODEOWNERS file: rules in their order, and the lines that are none, 1-based. Sections and comments are passed over. */
export function readCodeOwners(text: string): { rules: readonly OwnerRule[]; unread: readonly number[] } {
  const rules: OwnerRule[] = [];
  const unread: number[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/(?:^|\s)#.*$/, "").trim();
    if (line === "" || /^\^?\[/.test(line)) continue;
    const [pattern = "", ...owners] = line.split(/(?<!\\)\s+/);
    const known = owners.every((owner) => /^@[\w./-]+$|^[^@\s]+@[^@\s]+$/.test(owner));
    if (known) rules.push({ pattern: pattern.replaceAll("\\ ", " "), owners, line: index + 1 });
    else unread.push(index + 1);
  }
  return { rules, unread };
}

/** The first owner of a folder by the last rule that fits it, without the organisation: `web` of `@shop/web`; null where nobody owns it. */
export function ownerOf(rules: readonly OwnerRule[], folder: string): string | null {
  const rule = rules.findLast(({ pattern }) => fits(pattern, folder));
  const [owner] = rule?.owners ?? [];
  if (owner === undefined) return null;
  return owner.startsWith("@") ? owner.slice(1).split("/").at(-1)! : owner.split("@")[0]!;
}

/** Whether a pattern takes in everything in a folder, as git's ignore files read patterns. */
function fits(pattern: string, folder: string): boolean {
  if (/^\/?\*{1,2}(?:\/\*{1,2})?$/.test(pattern) || pattern === "/") return true;
  const clean = pattern.replace(/\/(?:\*{1,2})?$/, "").replace(/^\.\//, "");
  const anchored = clean.replace(/^\//, "").includes("/") || clean.startsWith("/");
  const words = clean
    .replace(/^\//, "")
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) =>
      part === "**/"
        ? "(?:.*/)?"
        : part === "**"
          ? ".*"
          : part === "*"
            ? "[^/]*"
            : part === "?"
              ? "[^/]"
              : part.replace(/[^\w]/g, "\\$&"),
    )
    .join("");
  return new RegExp(`^${anchored ? "" : "(?:.*/)?"}${words}(?:/.*)?$`).test(folder);
}
