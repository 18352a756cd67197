import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api, csrf } from '@/api/client'
import { Problem } from '@/api/problem'
import { usePages } from '@/lib/pages'

import type { Effects, Folder, KnownTag, Material, MaterialBody, MaterialChange, MaterialDetail, MaterialKind, Opening, Persona, PersonaBody, Preview, PreviewBody, Rules, Script, Shelf, StoredFile, TopicUse, Variable, Version } from './types'

const key = 'content'
const at = (id: string) => ({ params: { path: { content_id: id } } })

export type MaterialFilter = { shelf?: Shelf; kind?: MaterialKind; state?: 'draft' | 'approved' | 'retired'; waiting?: boolean; group_id?: string; persona_id?: string; tag?: string; q?: string }

export function useMaterials(filter: MaterialFilter, enabled = true) {
  return usePages<Material>([key, 'list', filter], (cursor) => answer(api.GET('/api/content/materials', { params: { query: { ...filter, cursor, limit: 50 } } })), enabled)
}

export const useMaterial = (id: string | undefined) =>
  useQuery({ queryKey: [key, 'one', id], queryFn: () => answer<MaterialDetail>(api.GET('/api/content/materials/{content_id}', at(id ?? ''))), enabled: Boolean(id) })

export const useVersions = (id: string) => useQuery({ queryKey: [key, 'versions', id], queryFn: () => answer<Version[]>(api.GET('/api/content/materials/{content_id}/versions', at(id))) })
export const useVariables = () => useQuery({ queryKey: [key, 'variables'], queryFn: () => answer<Variable[]>(api.GET('/api/content/variables')), staleTime: 300_000 })
export const useKnownTags = () => useQuery({ queryKey: [key, 'tags'], queryFn: () => answer<KnownTag[]>(api.GET('/api/content/tags')) })
export const usePersonas = () => useQuery({ queryKey: [key, 'personas'], queryFn: () => answer<Persona[]>(api.GET('/api/content/personas')) })
export const useRules = () => useQuery({ queryKey: [key, 'rules'], queryFn: () => answer<Rules>(api.GET('/api/content/rules')) })

export const useFolders = (shelf: Shelf) =>
  useQuery({ queryKey: [key, 'folders', shelf], queryFn: () => answer<Folder[]>(api.GET('/api/content/folders', { params: { query: { shelf } } })) })

export const useTopics = (id: string) =>
  useQuery({ queryKey: [key, 'topics', id], queryFn: () => answer<TopicUse[]>(api.GET('/api/content/personas/{persona_id}/topics', { params: { path: { persona_id: id } } })) })

/** A draft as somebody reads it; the last good one stays while it is typed. */
export function usePreview(body: PreviewBody | undefined) {
  return useQuery({
    queryKey: [key, 'preview', body],
    queryFn: () => answer<Preview>(api.POST('/api/content/preview', { body: body as PreviewBody })),
    enabled: body !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 600_000,
  })
}

/** The picture of a poster, drawn by what sends it. */
export function usePosterPicture(body: PreviewBody | undefined) {
  return useQuery({
    queryKey: [key, 'poster', body],
    queryFn: async () => {
      const response = await fetch('/api/content/preview/poster', { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf() } })
      if (!response.ok) throw Problem.of(await response.json().catch(() => undefined), response.status)
      const picture = await response.blob()
      return await new Promise<string>((done) => {
        const reader = new FileReader()
        reader.onload = () => done(String(reader.result))
        reader.readAsDataURL(picture)
      })
    },
    enabled: Boolean(body?.draft.poster),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 600_000,
  })
}

export async function sendFile(file: File): Promise<StoredFile> {
  const form = new FormData()
  form.append('file', file)
  const response = await fetch('/api/content/files', { method: 'POST', body: form, headers: { 'X-CSRF-Token': csrf() } })
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw Problem.of(body, response.status)
  return body as StoredFile
}

export function useRadar(filter: { content_id?: string; member_id?: string }) {
  return usePages<Opening>([key, 'radar', filter], (cursor) => answer(api.GET('/api/content/radar', { params: { query: { ...filter, cursor, limit: 50 } } })))
}

export type EffectFilter = { by: 'material' | 'persona' | 'topic' | 'hour' | 'audience'; since?: string; until?: string; audience_id?: string[] }

export function useEffects(filter: EffectFilter) {
  return useQuery({
    queryKey: [key, 'effects', filter],
    queryFn: () => answer<Effects>(api.GET('/api/content/effects', { params: { query: filter } })),
    placeholderData: keepPreviousData,
    enabled: filter.by !== 'audience' || (filter.audience_id?.length ?? 0) > 0,
  })
}

function useContentChange<V, R>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: [key] }) })
}

export const useMakeMaterial = () => useContentChange((body: MaterialBody) => answer<Material>(api.POST('/api/content/materials', { body })))
export const useChangeMaterial = (id: string) => useContentChange((body: MaterialChange) => answer<Material>(api.PUT('/api/content/materials/{content_id}', { ...at(id), body })))
export const useSubmit = () => useContentChange(({ id, revision, note = '' }: { id: string; revision: number; note?: string }) => answer<Material>(api.POST('/api/content/materials/{content_id}/submission', { ...at(id), body: { revision, note } })))
export const useWithdraw = () => useContentChange(({ id, revision }: { id: string; revision: number }) => answer<Material>(api.POST('/api/content/materials/{content_id}/withdrawal', { ...at(id), body: { revision, note: '' } })))
export const useDecide = () =>
  useContentChange(({ id, ...body }: { id: string; revision: number; approves: boolean; reason: string }) => answer<Material>(api.POST('/api/content/materials/{content_id}/decision', { ...at(id), body })))
export const useCopyMaterial = () => useContentChange(({ id, name }: { id: string; name: string }) => answer<Material>(api.POST('/api/content/materials/{content_id}/copies', { ...at(id), body: { name } })))
export const useRetire = () => useContentChange(({ id, is_retired }: { id: string; is_retired: boolean }) => answer<Material>(api.PUT('/api/content/materials/{content_id}/retirement', { ...at(id), body: { is_retired } })))
export const useRemoveMaterial = () => useContentChange((id: string) => answer<undefined>(api.DELETE('/api/content/materials/{content_id}', at(id))))
export const useCopiedScript = () => useContentChange((id: string) => answer<Script>(api.POST('/api/content/materials/{content_id}/uses', { ...at(id), body: {} })))
export const useMakeFolder = () => useContentChange((body: { shelf: Shelf; name: string; parent_id?: string | null }) => answer<Folder>(api.POST('/api/content/folders', { body })))
export const useRemoveFolder = () => useContentChange((id: string) => answer<undefined>(api.DELETE('/api/content/folders/{folder_id}', { params: { path: { folder_id: id } } })))
export const useSavePersona = (id: string | undefined) =>
  useContentChange((body: PersonaBody) => answer<Persona>(id ? api.PUT('/api/content/personas/{persona_id}', { params: { path: { persona_id: id } }, body }) : api.POST('/api/content/personas', { body })))
export const useSaveRules = () => useContentChange((body: Rules) => answer<Rules>(api.PUT('/api/content/rules', { body })))

/** Audiences to be chosen from, where effect is shown by audience. */
export const useAudienceChoice = (enabled: boolean) =>
  useQuery({ queryKey: [key, 'audiences'], queryFn: () => answer<{ rows: { id: string; name: string }[] }>(api.GET('/api/audiences', { params: { query: { limit: 200 } } })), enabled })
