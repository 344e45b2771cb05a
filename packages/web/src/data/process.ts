import type { Process } from "@change-mgmt/domain/process/process.ts";
import { useAsk } from "./ask.ts";

/** A process by its name as it is in force for new changes, or its version of a hash; typed as the rules read it. */
export function useProcess(name: string | undefined, hash?: string) {
  const known = name ?? "";
  const when = name !== undefined;
  const newest = useAsk("processes.get", { params: { name: known } }, { when: when && hash === undefined });
  const version = useAsk(
    "processes.version",
    { params: { name: known, hash: hash ?? "" } },
    { when: when && hash !== undefined },
  );
  const query = hash === undefined ? newest : version;
  return {
    isPending: query.isPending,
    error: query.error,
    refetch: query.refetch,
    process: query.data?.process as Process | undefined,
    hash: query.data?.hash,
    /** Of a version asked for by its hash. */
    version: hash === undefined ? undefined : version.data,
  };
}
