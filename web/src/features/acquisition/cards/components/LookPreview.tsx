import { Spin } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { csrf } from '@/api/client'
import { Problem } from '@/api/problem'
import { ProblemNote } from '@/design/ProblemNote'

import type { Look } from '../types'

// Long enough that a word is typed, short enough to feel at once.
const PAUSE = 350

/** The card as it will be printed: drawn by the server with what prints it. */
export function LookPreview({ look }: { look: Look }) {
  const { t } = useTranslation('cards')
  const [picture, setPicture] = useState<string>()
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(true)
  const wanted = JSON.stringify({ look: { ...look, steps: look.steps.filter(Boolean) } })
  useEffect(() => {
    const stop = new AbortController()
    const later = setTimeout(() => {
      setBusy(true)
      fetch('/api/cards/preview', { method: 'POST', body: wanted, signal: stop.signal, headers: { 'content-type': 'application/json', 'X-CSRF-Token': csrf() } })
        .then(async (answered) => {
          if (!answered.ok) throw Problem.of(await answered.json().catch(() => undefined), answered.status)
          const url = URL.createObjectURL(await answered.blob())
          setPicture((before) => { if (before) URL.revokeObjectURL(before); return url })
          setProblem(undefined)
          setBusy(false)
        })
        .catch((failed: unknown) => { if (!stop.signal.aborted) { setProblem(failed); setBusy(false) } })
    }, PAUSE)
    return () => { stop.abort(); clearTimeout(later) }
  }, [wanted])
  return (
    <Spin spinning={busy}>
      <figure style={{ margin: 0, padding: 20, background: 'var(--ws-color-bg-layout)', borderRadius: 'var(--ws-radius)', minHeight: 180, textAlign: 'center' }}>
        {picture && <img src={picture} alt={t('preview')} style={{ maxWidth: '100%', maxHeight: 460, boxShadow: '0 6px 24px rgb(0 0 0 / 14%)', borderRadius: 4 }} />}
        <figcaption className="faint" style={{ marginTop: 12, fontSize: 12.5 }}>{t('previewWhat', { size: t(`sizes.${look.size}`) })}</figcaption>
      </figure>
      <ProblemNote problem={problem} />
    </Spin>
  )
}
