/** The major of a server version such as `15.18`; null where it does not say. */
export function majorOf(serverVersion: string): number | null {
  const major = Number.parseInt(serverVersion, 10);
  return Number.isNaN(major) ? null : major;
}
