/** What every list gives at most at once. */
const LARGEST_PAGE = 200;

interface Paged<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** One page of a list, or with `all` every page joined; the last page's `nextCursor` tells whether there is more. */
export async function listAll<T, Q extends object>(
  all: boolean,
  query: Q & { readonly limit?: number | undefined },
  fetchPage: (query: Q & { cursor?: string; limit?: number }) => Promise<Paged<T>>,
): Promise<{ items: T[]; nextCursor: string | null }> {
  const asked = { ...query, limit: query.limit ?? (all ? LARGEST_PAGE : undefined) };
  const first = await fetchPage(asked as Q & { limit?: number });
  const items = [...first.items];
  let { nextCursor } = first;
  while (all && nextCursor !== null) {
    const next = await fetchPage({ ...asked, cursor: nextCursor } as Q & { cursor: string });
    items.push(...next.items);
    nextCursor = next.nextCursor;
  }
  return { items, nextCursor };
}
