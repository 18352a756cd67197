import { Alert } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { MemberPicker } from '@/features/people/pickers/MemberPicker'

import { DraftPhone } from '../pickers/MaterialPhone'
import { usePreview } from '../queries'
import type { Draft, MaterialKind } from '../types'
import styles from './content.module.css'

/** The phone beside an editor: for an example, or for a real member; and what keeps the draft from being sent. */
export function PreviewSide({ draft, kind, personaId }: { draft: Draft; kind: MaterialKind; personaId?: string | null }) {
  const { t, i18n } = useTranslation('content')
  const [memberId, setMemberId] = useState<string>()
  const shown = useDeferredValue(draft)
  const preview = usePreview({ kind, draft: shown, member_id: memberId, persona_id: personaId ?? undefined })
  const zh = i18n.language.startsWith('zh')
  const problems = preview.data?.problems ?? []
  return (
    <div className={`stack-small ${styles.stick}`}>
      <MemberPicker value={memberId} onChange={setMemberId} />
      <DraftPhone draft={shown} kind={kind} memberId={memberId} note={memberId ? t('preview.real') : t('preview.note')} personaId={personaId ?? undefined} />
      {problems.length > 0 && (
        <Alert type="warning" showIcon title={t('preview.problems')} description={<ul style={{ margin: 0, paddingInlineStart: 18 }}>{problems.slice(0, 6).map((one, place) => <li key={place}>{zh ? one.zh : one.en}</li>)}</ul>} />
      )}
    </div>
  )
}
