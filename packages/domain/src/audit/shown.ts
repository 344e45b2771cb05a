const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?Z$/;

/** The time with exactly six digits of fraction; a RangeError unless it is RFC 3339 in UTC with at most six. */
export function auditTime(now: string): string {
  const match = TIME.exec(now);
  if (match === null) throw new RangeError(`not a time in RFC 3339 UTC with at most microseconds: ${now}`);
  return `${now.slice(0, 19)}.${(match[7] ?? "").padEnd(6, "0")}Z`;
}

/** `AUDIT-YYYYMMDD-HHMMSS-xxxxxx` of an RFC 3339 UTC time and six characters of [0-9a-z]; a RangeError for another suffix. */
export function auditId(timestamp: string, suffix: string): string {
  if (!/^[0-9a-z]{6}$/.test(suffix)) throw new RangeError(`not six characters of [0-9a-z]: ${suffix}`);
  const digits = timestamp.slice(0, 19).replaceAll(/[-:T]/g, "");
  return `AUDIT-${digits.slice(0, 8)}-${digits.slice(8)}-${suffix}`;
}
