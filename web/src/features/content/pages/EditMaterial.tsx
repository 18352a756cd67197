import { Button, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'

import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { useLeaveGuard } from '@/design/useLeaveGuard'
import { Waiting } from '@/design/Waiting'
import { useUrlState } from '@/lib/url'

import styles from '../components/content.module.css'
import { DraftFields } from '../components/DraftFields'
import { PreviewSide } from '../components/PreviewSide'
import { SheetFields, type SheetValue } from '../components/SheetFields'
import { blankDraft, kinds, paths } from '../model'
import { useChangeMaterial, useMakeMaterial, useMaterial, useSubmit } from '../queries'
import type { Draft, Material, MaterialKind, Shelf } from '../types'

/** A new material or one that is changed, beside what a customer will see. */
export function EditMaterial({ shelf }: { shelf: Shelf }) {
  const { id } = useParams()
  const [read] = useUrlState()
  const found = useMaterial(id)
  if (found.error) return <ProblemNote problem={found.error} />
  if (id && !found.data) return <Waiting />
  const kind = found.data?.material.kind ?? kinds.find((one) => one === read('kind')) ?? 'text'
  const given = found.data?.material
  const sheet: SheetValue = { name: given?.name ?? '', group_id: given?.group_id ?? read('folder') ?? null, persona_id: given?.persona_id ?? null, tags: given?.tags ?? [] }
  return <Editor key={id ?? kind} shelf={shelf} kind={kind} material={given} firstSheet={sheet} firstDraft={found.data?.latest.draft ?? blankDraft(kind)} />
}

type Props = { shelf: Shelf; kind: MaterialKind; material?: Material; firstSheet: SheetValue; firstDraft: Draft }

function Editor({ shelf, kind, material, firstSheet, firstDraft }: Props) {
  const { t } = useTranslation('content')
  const go = useNavigate()
  const { done } = useNotice()
  const [sheet, setSheet] = useState(firstSheet)
  const [draft, setDraft] = useState(firstDraft)
  const make = useMakeMaterial()
  const change = useChangeMaterial(material?.id ?? '')
  const submit = useSubmit()
  const lift = useLeaveGuard(sheet !== firstSheet || draft !== firstDraft)
  const root = paths[shelf]
  const leave = (made: Material, words: string) => {
    lift()
    done(t(words))
    void go(`${root}/${made.id}`)
  }
  const save = async (submits: boolean) => {
    const made = material
      ? await change.mutateAsync({ ...sheet, revision: material.revision, draft })
      : await make.mutateAsync({ ...sheet, shelf, kind, draft })
    if (!submits || made.latest_state === 'approved') return leave(made, 'saved')
    try {
      leave(await submit.mutateAsync({ id: made.id, revision: made.revision }), 'approve.submitted')
    } catch {
      // What keeps it from being sent is told below; the draft is kept, and the page goes on with it.
      if (!material) { lift(); void go(`${root}/${made.id}/edit`, { replace: true }) }
    }
  }
  const run = (submits: boolean) => () => void save(submits).catch(() => undefined)
  const busy = make.isPending || change.isPending || submit.isPending
  const back = material ? { to: `${root}/${material.id}`, label: material.name } : { to: root, label: t(`title.${shelf}`) }
  return (
    <>
      <PageHead back={back} title={material ? t('edit.title', { name: material.name }) : t('edit.newTitle', { kind: t(`kinds.${kind}`) })} subtitle={t(material?.version ? 'edit.newVersion' : 'edit.what')} />
      <Form layout="vertical" className={styles.edit} onFinish={run(false)}>
        <div className="stack">
          <Panel title={t('edit.sheet')}><SheetFields shelf={shelf} value={sheet} onChange={setSheet} /></Panel>
          <DraftFields kind={kind} draft={draft} onChange={setDraft} />
          <ProblemNote problem={make.error ?? change.error ?? submit.error} />
          <div className={styles.foot}>
            <Button onClick={() => void go(-1)}>{t('edit.cancel')}</Button>
            <Button htmlType="submit" loading={busy} disabled={!sheet.name.trim()}>{t('edit.save')}</Button>
            <Button type="primary" loading={busy} disabled={!sheet.name.trim()} onClick={run(true)}>{t('edit.saveAndSubmit')}</Button>
          </div>
        </div>
        <PreviewSide draft={draft} kind={kind} personaId={sheet.persona_id} />
      </Form>
    </>
  )
}
