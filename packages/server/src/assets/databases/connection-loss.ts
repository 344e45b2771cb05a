/** Our own store speaks the same language: its errors, met in the middle of work on a target, say nothing about the target. */
const ofTargets = new WeakSet<object>();

/** The error, known from now on as one that a target session rejected with. */
export function ofTarget<E>(error: E): E {
  if (typeof error === "object" && error !== null) ofTargets.add(error);
  return error;
}

/** SQLSTATE of an error that a target session rejected with; undefined for anything else. */
export function sqlStateOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && ofTargets.has(error) ? sqlStateIn(error) : undefined;
}

/** The SQLSTATE that an error of any origin carries. */
export function sqlStateIn(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

const SERVER_ENDED_IT: ReadonlySet<string> = new Set(["57P01", "57P02", "57P03", "57P05", "25P03", "25P04"]);

/** Whether the error says that the connection is gone, rather than that the statement was wrong. */
export function isConnectionLoss(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== undefined && (state.startsWith("08") || SERVER_ENDED_IT.has(state));
}

/** An error in the shape a session rejects with. */
export function sessionError(code: string, message: string, cause?: unknown): Error & { code: string } {
  return ofTarget(Object.assign(new Error(message, { cause }), { code }));
}
