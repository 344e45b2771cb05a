import { type CallInput, type CallOutput, ProblemError } from "@change-mgmt/api/client.ts";
import type { EndpointName } from "@change-mgmt/api/endpoints.ts";
import type { Problem } from "@change-mgmt/api/problem.ts";
import {
  keepPreviousData,
  QueryClient,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
} from "@tanstack/react-query";
import { call } from "./client.ts";

/** What is known of the server's answers. A query's key is the endpoint's name and what was asked of it. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, retry: (failures, error) => failures < 2 && passing(error), retryDelay: 800 },
    mutations: { retry: false },
  },
});

/** Whether asking again may help: nobody answered, or something the server needs is away for the moment. */
function passing(error: unknown): boolean {
  return error instanceof ProblemError && (error.problem.status === 0 || error.problem.status === 503);
}

/** The query of an endpoint, for useQuery, useQueries and prefetching. */
export function asking<N extends EndpointName>(name: N, input?: CallInput<N>) {
  return queryOptions<CallOutput<N>>({
    // The inputs of all endpoints together are more than a type can hold.
    queryKey: [name, (input as object | undefined) ?? {}],
    queryFn: ({ signal }) => call(name, { ...input, signal } as CallInput<N>),
  });
}

/**
 * Reads an endpoint and keeps it fresh: `const { data, error, isPending } = useAsk("changes.get", { params: { id } })`.
 * With `when` false nothing is asked.
 */
export function useAsk<N extends EndpointName>(
  name: N,
  input?: CallInput<N>,
  options: { readonly when?: boolean } = {},
) {
  return useQuery({ ...asking(name, input), enabled: options.when ?? true });
}

type Paged = {
  [N in EndpointName]: CallOutput<N> extends { readonly items: readonly unknown[]; readonly nextCursor: string | null }
    ? N
    : never;
}[EndpointName];

type Item<N extends EndpointName> = CallOutput<N> extends { readonly items: readonly (infer I)[] } ? I : never;

interface PageOf<I> {
  readonly items: readonly I[];
  readonly nextCursor: string | null;
}

/**
 * Reads an endpoint that answers page by page. `items` are those of all pages read so far; `fetchNextPage` reads another. With `keep`
 * the items of the question before stay until those of the next are there, marked by `isPlaceholderData`.
 */
export function useAskPages<N extends Paged>(
  name: N,
  input: CallInput<N>,
  options: { readonly when?: boolean; readonly keep?: boolean } = {},
) {
  const query = useInfiniteQuery({
    queryKey: [name, input, "pages"],
    enabled: options.when ?? true,
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const { query: filters } = input as { query?: Record<string, unknown> };
      const page = await call(name, { ...input, query: { ...filters, cursor: pageParam }, signal } as CallInput<N>);
      return page as unknown as PageOf<Item<N>>;
    },
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
  return { ...query, items: (query.data?.pages ?? []).flatMap((page) => page.items) };
}

/**
 * An act on the server: `const vote = useAct("changes.vote"); vote.run({ params, body })`. `problem` holds the refusal of the last
 * try, to be shown at the control; `run` resolves to the answer, or to undefined when it was refused. What it may have changed is read again.
 */
export function useAct<N extends EndpointName>(name: N) {
  const mutation = useMutation<CallOutput<N>, Error, CallInput<N>>({
    mutationFn: (input) => call(name, input),
    // Not waited for: the control that acted is done when the server has answered.
    onSettled: (_answer, _error, input) => {
      refresh(name, (input as { params?: { id?: string } }).params?.id);
    },
  });
  return {
    run: (input: CallInput<N>) => mutation.mutateAsync(input).catch(() => undefined),
    pending: mutation.isPending,
    problem: mutation.error ? problemOf(mutation.error) : undefined,
    answer: mutation.data,
    reset: mutation.reset,
  };
}

/** Reads again what an act on an endpoint may have changed. */
function refresh(name: EndpointName, id: string | undefined): Promise<void> {
  const room = name.split(".")[0]!;
  if (room === "hold") refreshRooms(["hold"]);
  if (["changes", "deployments", "attachments", "hold"].includes(room))
    return refreshChange(room === "changes" ? id : undefined);
  return queryClient.invalidateQueries({
    predicate: ({ queryKey }) => roomOf(queryKey) === room || roomOf(queryKey) === "me",
  });
}

const ABOUT_CHANGES = new Set(["changes", "deployments", "environments", "overview", "boards", "meetings"]);

/** Reads again whatever shows a change, by its number, or all of them when it is left out. */
export function refreshChange(number: string | undefined): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: ({ queryKey }) => {
      const { params, query } = queryKey[1] as { params?: { id?: string }; query?: { change?: string } };
      if (roomOf(queryKey) === "audit") return query?.change !== undefined && (!number || query.change === number);
      if (!ABOUT_CHANGES.has(roomOf(queryKey))) return false;
      return roomOf(queryKey) !== "changes" || !number || params?.id === undefined || params.id === number;
    },
  });
}

/** Reads again what the endpoints of some rooms answered: "users", "teams", "config". */
export function refreshRooms(rooms: readonly string[]): Promise<void> {
  return queryClient.invalidateQueries({ predicate: ({ queryKey }) => rooms.includes(roomOf(queryKey)) });
}

/** Reads again whatever is shown, also what could not be read, after a time in which nobody told what happened. */
export function refreshShown(): Promise<void> {
  return queryClient.invalidateQueries({
    // Each look at the trail is written down, so that only the trail of one change is read unasked; or what was not shown yet.
    predicate: ({ queryKey, state }) =>
      roomOf(queryKey) !== "audit" ||
      state.status === "error" ||
      (queryKey[1] as { query?: { change?: string } }).query?.change !== undefined,
  });
}

function roomOf(queryKey: readonly unknown[]): string {
  return String(queryKey[0]).split(".")[0]!;
}

/** The problem of anything that was thrown; a defect of the page counts as one. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return {
    type: "about:blank",
    title: "Defect",
    status: 0,
    code: "PAGE_DEFECT",
    detail: "This page has a defect.",
    hint: `Load it again; if that does not help, report these words: ${String(error)}`,
  };
}
