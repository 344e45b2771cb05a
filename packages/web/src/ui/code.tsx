import { Fragment, type ReactNode } from "react";

const WORDS =
  "ADD|ALTER|AND|AS|BEGIN|BY|CASCADE|CHECK|COLUMN|COMMIT|CONCURRENTLY|CONSTRAINT|CREATE|DEFAULT|DELETE|DISABLE|DROP|ENABLE|EXISTS|FOREIGN|FROM|FUNCTION|GRANT|IF|IN|INDEX|INSERT|INTO|IS|KEY|LEVEL|NOT|NULL|ON|OR|POLICY|PRIMARY|REFERENCES|RENAME|REVOKE|ROW|SECURITY|SELECT|SET|TABLE|THEN|TO|TRIGGER|TYPE|UNIQUE|UPDATE|USING|VALUES|VIEW|WHERE|WITH";
const TOKENS = new RegExp(`(--[^\\n]*|/\\*[\\s\\S]*?\\*/)|('(?:[^']|'')*')|\\b(${WORDS})\\b`, "gi");

/** SQL in monospace with its comments and words told apart by weight alone, since colour means state. `label` names it for screen readers. */
export function Sql({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <Block label={label}>
      {piecesOf(text).map(({ kind, piece, at }) =>
        kind ? (
          <span key={at} className={`code-${kind}`}>
            {piece}
          </span>
        ) : (
          <Fragment key={at}>{piece}</Fragment>
        ),
      )}
    </Block>
  );
}

/** Text as it is, in monospace: commands, output, ids. */
export function Code({ text, label }: { readonly text: string; readonly label: string }) {
  return <Block label={label}>{text}</Block>;
}

function Block({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="code" tabIndex={0} aria-label={label}>
      <pre>{children}</pre>
    </section>
  );
}

interface Piece {
  readonly kind?: "comment" | "text" | "word";
  readonly piece: string;
  readonly at: number;
}

function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(TOKENS)) {
    if (match.index > from) pieces.push({ piece: text.slice(from, match.index), at: from });
    pieces.push({ kind: match[1] ? "comment" : match[2] ? "text" : "word", piece: match[0], at: match.index });
    from = match.index + match[0].length;
  }
  return [...pieces, { piece: text.slice(from), at: from }];
}
