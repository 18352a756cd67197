import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'

import { Empty } from '@/design/Empty'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'

import { CodeForm } from '../components/CodeForm'
import { blankCode, bodyOf, paths } from '../model'
import { useAccounts, useCode, useSaveCode } from '../queries'
import type { CodeBody, CodeKind } from '../types'

/** Makes a code, or changes one, beside what a customer will see. */
export function EditCode({ kind }: { kind: CodeKind }) {
  const { id } = useParams()
  const { t } = useTranslation('codes')
  const code = useCode(id)
  const accounts = useAccounts()
  const back = id && code.data ? { to: `${paths[kind]}/${id}`, label: code.data.name } : { to: paths[kind], label: t(`title.${kind}`) }
  const problem = code.error ?? accounts.error
  if (problem) return <ProblemNote problem={problem} />
  if ((id && !code.data) || !accounts.data) return <Waiting />
  const account = accounts.data[0]?.id
  const title = id ? t('editTitle', { name: code.data?.name }) : t(`new.${kind}`)
  return (
    <>
      <PageHead back={back} title={title} subtitle={t(`subtitle.${kind}`)} />
      {account
        ? <Editing key={id} id={id} initial={code.data ? bodyOf(code.data) : { ...blankCode(kind, t('greeting', { interpolation: { prefix: '[[', suffix: ']]' } })), account_id: account }} />
        : <Panel><Empty title={t('noAccount')} hint={t('noAccountHint')} /></Panel>}
    </>
  )
}

function Editing({ id, initial }: { id?: string; initial: CodeBody }) {
  const { t } = useTranslation('codes')
  const go = useNavigate()
  const { done } = useNotice()
  const save = useSaveCode()
  const [body, setBody] = useState(initial)
  const saved = (made: { id: string }) => {
    done(t(id ? 'saved' : 'made'))
    void go(`${paths[body.kind]}/${made.id}`)
  }
  return <CodeForm body={body} isNew={!id} onChange={setBody} saving={save.isPending} problem={save.error} onSave={() => save.mutate({ id, body }, { onSuccess: saved })} onCancel={() => void go(-1)} />
}
