import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'

import type { Key, KeyIn, NewKey } from './types'

export const useKeys = () => useQuery({ queryKey: ['keys'], queryFn: () => answer<{ rows: Key[] }>(api.GET('/api/keys')) })

function useKeyChange<V, R>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: ['keys'] }) })
}

export const useAddKey = () => useKeyChange((body: KeyIn) => answer<NewKey>(api.POST('/api/keys', { body })))
export const useRotateKey = () =>
  useKeyChange(({ id, overlap_hours }: { id: string; overlap_hours: number }) =>
    answer<NewKey>(api.POST('/api/keys/{key_id}/rotate', { params: { path: { key_id: id } }, body: { overlap_hours } })))
export const useDropKey = () => useKeyChange((id: string) => answer(api.DELETE('/api/keys/{key_id}', { params: { path: { key_id: id } } })))

/** Commands that can be pasted as they stand. */
export function snippets(secret: string, kind: 'api' | 'write', origin: string) {
  if (kind === 'api') return { curl: `curl ${origin}/api/members?limit=5 \\\n  -H 'Authorization: Bearer ${secret}'` }
  return {
    curl: `curl ${origin}/v1/track \\\n  -u '${secret}:' \\\n  -H 'Content-Type: application/json' \\\n  -d '{"userId": "u-1001", "event": "Product Viewed", "properties": {"sku": "A-1", "price": 89}}'`,
    python: `pip install segment-analytics-python\n\nimport segment.analytics as analytics\n\nanalytics.write_key = '${secret}'\nanalytics.host = '${origin}'\nanalytics.track('u-1001', 'Product Viewed', {'sku': 'A-1', 'price': 89})\nanalytics.flush()`,
    node: `npm install @segment/analytics-node\n\nimport { Analytics } from '@segment/analytics-node'\n\nconst analytics = new Analytics({ writeKey: '${secret}', host: '${origin}' })\nanalytics.track({ userId: 'u-1001', event: 'Product Viewed', properties: { sku: 'A-1', price: 89 } })\nawait analytics.closeAndFlush()`,
  }
}
