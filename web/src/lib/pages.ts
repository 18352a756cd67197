import { useInfiniteQuery, type QueryKey } from '@tanstack/react-query'

export type Page<T> = { rows: T[]; next_cursor?: string | null; total?: number | null }

/** A list read page by page with the server's cursor. */
export function usePages<T>(key: QueryKey, read: (cursor: string | undefined) => Promise<Page<T>>, enabled = true) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<T>) => last.next_cursor ?? undefined,
    enabled,
  })
  const rows = query.data?.pages.flatMap((page) => page.rows)
  return { ...query, rows, total: query.data?.pages[0]?.total ?? null }
}

export type Pages<T> = ReturnType<typeof usePages<T>>
