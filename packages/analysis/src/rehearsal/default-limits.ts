/** What a rehearsal may take unless its request says otherwise. */
export const DEFAULT_LIMITS = { statementMs: 30_000, totalMs: 120_000, memoryMb: 2048 } as const;
