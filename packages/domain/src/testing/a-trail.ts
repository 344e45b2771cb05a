import { EMPTY_HEAD, type Head, type Sealed, seal } from "../audit/chain.ts";
import { composeEntry, type EntryInput, entryText, entryTextHash, NO_HASH } from "../audit/entry.ts";
import { exportHeader, exportLine, exportSeal } from "../audit/export.ts";
import { type Seal, signHead } from "../audit/seal.ts";
import type { Actor } from "../identity/roles.ts";

/** One act of a sample trail: the stream it belongs to and what is said of it; on nothing, unless `change` says on what. */
export interface SampleAct {
  readonly stream: string;
  readonly type?: string;
  readonly change?: EntryInput["change"];
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Signs for a sample trail: a key id, and the signature (128 hex digits) of a statement. */
export interface SampleSigner {
  readonly keyId: string;
  readonly sign: (statement: string) => string;
}

export const UNSIGNED: SampleSigner = { keyId: "key-1", sign: () => "0".repeat(128) };

const MARIA: Actor = { userId: "user-1", handle: "maria", roles: ["developer"], teams: [], positions: [] };

export interface SampleTrail {
  readonly texts: readonly string[];
  readonly hashes: readonly string[];
  readonly places: readonly Sealed[];
  /** The head's seal as it was when the trail had `count` entries; the whole trail's when left out. */
  sealAt(count?: number): Seal;
  /** Lines of the export of the first `count` entries, header and seal included. */
  lines(count?: number): string[];
}

/** A trail of these acts, sealed one by one, each stream linked. */
export function aTrail(acts: readonly SampleAct[], signer: SampleSigner = UNSIGNED, actor: Actor = MARIA): SampleTrail {
  const streams = new Map<string, { seq: number; hash: string }>();
  const texts = acts.map(({ stream, type = "change.edited", change = null, details = {} }, index) => {
    const before = streams.get(stream) ?? { seq: 0, hash: NO_HASH };
    const text = entryText(
      composeEntry({
        event: { type, details },
        actor,
        change,
        outcome: "done",
        stream,
        streamSeq: before.seq + 1,
        streamPrev: before.hash,
        now: `2026-11-21T10:00:${String(index % 60).padStart(2, "0")}Z`,
        suffix: index.toString(36).padStart(6, "0"),
        runtimeVersion: "node 24",
      }),
    );
    streams.set(stream, { seq: before.seq + 1, hash: entryTextHash(text) });
    return text;
  });
  return aTrailOf(texts, signer);
}

/** A trail of ready canonical entries, whatever they say of their streams. */
export function aTrailOf(texts: readonly string[], signer: SampleSigner = UNSIGNED): SampleTrail {
  const hashes = texts.map(entryTextHash);
  const heads: Head[] = [EMPTY_HEAD];
  const places = hashes.map((hash, index) => {
    const step = seal(heads[index] as Head, [{ id: String(index), hash }]);
    heads.push(step.head);
    return step.sealed[0] as Sealed;
  });
  const sealAt = (count = texts.length) =>
    signHead(heads[count] as Head, `2026-11-21T11:00:00.${String(count).padStart(6, "0")}Z`, signer.keyId, signer.sign);
  return {
    texts,
    hashes,
    places,
    sealAt,
    lines(count = texts.length) {
      const sealed = sealAt(count);
      const entries = texts
        .slice(0, count)
        .map((text, index) => exportLine({ ...(places[index] as Sealed), hash: hashes[index] as string }, text));
      return [exportHeader(sealed), ...entries, exportSeal(sealed)];
    },
  };
}
