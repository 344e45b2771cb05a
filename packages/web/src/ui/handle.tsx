/** A person by their handle. */
export function Handle({ of }: { readonly of: string }) {
  return <span style={{ fontWeight: 550, whiteSpace: "nowrap" }}>{of}</span>;
}
