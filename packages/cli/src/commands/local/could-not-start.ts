import type { Outcome, Refusal } from "@change-mgmt/domain/change/refusal.ts";
import { Stop, type Trouble } from "../../stop.ts";

/** The value of an outcome, or of a plain answer; a refusal stops with exit code 3, since the work could not be done at all. */
export async function startedOr<T extends object>(promise: Promise<T | Outcome<T>>, port?: number): Promise<T> {
  let result: T | Outcome<T>;
  try {
    result = await promise;
  } catch (error) {
    throw stopOf(error, port) ?? error;
  }
  if (!("ok" in result)) return result;
  const outcome = result as Outcome<T>;
  if (outcome.ok) return outcome.value;
  throw couldNot(outcome.refusal);
}

function couldNot({ message, ...refusal }: Refusal): Stop {
  return new Stop(3, { ...refusal, detail: message } as Trouble);
}

function stopOf(error: unknown, port: number | undefined): Stop | undefined {
  const { code, refusal } = error as { code?: unknown; refusal?: Refusal };
  if (refusal) return couldNot(refusal);
  if (code === "EADDRINUSE")
    return new Stop(3, {
      code: "PORT_IN_USE",
      detail: `The port ${port ?? ""} is in use by another process.`,
      hint: "Choose another with --port=7071, or --port=0 for any free one; if change-mgmt runs there already, use it.",
    });
  if (code === "EACCES" && port !== undefined)
    return new Stop(3, {
      code: "PORT_FORBIDDEN",
      detail: `This user may not listen on the port ${port}.`,
      hint: "Choose one above 1023 with --port.",
    });
  return undefined;
}
