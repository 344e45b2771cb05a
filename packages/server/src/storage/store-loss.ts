/** Of the network: the server is away, or went away under a statement. */
const NETWORK = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** SQLSTATE: connection exceptions; no connection free; stopping, crashed, starting; ended from outside. */
const SERVER = /^(08...|53300|57P0[1-5])$/;
/** The driver's own words, which come without a code. */
const DRIVER =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/;

/**
 * Whether an error of the store says that its server cannot be reached now, or went away under a statement, rather than that the statement
 * was wrong. What was sent last may or may not have been done.
 */
export function isStoreLoss(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === "string") return NETWORK.test(code) || SERVER.test(code);
  return typeof message === "string" && DRIVER.test(message);
}
