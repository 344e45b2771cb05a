const SHORTEST_SECRET = 4;

/** Replaces secrets in lines of output. A secret of several lines is masked line by line; one of under four characters is none. */
export function createMask(secrets: Iterable<string>): { (line: string): string; readonly longest: number } {
  const parts = new Set(
    [...secrets].flatMap((secret) => secret.split(/\r?\n/)).filter((part) => part.length >= SHORTEST_SECRET),
  );
  const longestFirst = [...parts].sort((a, b) => b.length - a.length);
  const mask = (line: string) => longestFirst.reduce((text, secret) => text.split(secret).join("***"), line);
  return Object.assign(mask, { longest: longestFirst[0]?.length ?? 0 });
}
