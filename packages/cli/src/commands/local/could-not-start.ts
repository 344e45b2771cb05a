import type { Outcome, Refusal } from "@change-mgmt/domain/change/refusal.ts";
import { cannotRun, Stop, type Trouble } from "../../stop.ts";

/** The value of an outcome; a refusal stops with exit code 3, since the work could not be done at all. */
export async function startedOr<T>(promise: Promise<Outcome<T>>, port?: number): Promise<T> {
  let outcome: Outcome<T>;
  try {
    outcome = await promise;
  } catch (error) {
    throw listenFailure(error, port) ?? error;
  }
  if (outcome.ok) return outcome.value;
  throw couldNot(outcome.refusal);
}

function couldNot({ message, ...refusal }: Refusal): Stop {
  return new Stop(3, { ...refusal, detail: message } as Trouble);
}

function listenFailure(error: unknown, port: number | undefined): Stop | undefined {
  const { code } = error as { code?: unknown };
  if (code === "EADDRINUSE")
    return cannotRun(
      "PORT_IN_USE",
      `The port ${port ?? ""} is in use by another process.`,
      "Choose another with --port=7071, or --port=0 for any free one; if change-mgmt runs there already, use it.",
    );
  if (code === "EACCES" && port !== undefined)
    return cannotRun(
      "PORT_FORBIDDEN",
      `This user may not listen on the port ${port}.`,
      "Choose one above 1023 with --port.",
    );
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return cannotRun(
      "HOST_UNKNOWN",
      "The address to listen on is not one of this machine.",
      "Leave --host out, or give --host=0.0.0.0 for all.",
    );
  return undefined;
}
