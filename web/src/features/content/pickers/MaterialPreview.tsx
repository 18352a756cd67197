import { useMaterial } from '../queries'
import { DraftPhone } from './MaterialPhone'

/** The phone of a material that was chosen by its id. */
export function MaterialPreview({ id, memberId, staffId }: { id?: string; memberId?: string; staffId?: string }) {
  const found = useMaterial(id)
  return <DraftPhone draft={id ? found.data?.latest.draft : undefined} kind={found.data?.material.kind} memberId={memberId} staffId={staffId} personaId={found.data?.material.persona_id ?? undefined} />
}
