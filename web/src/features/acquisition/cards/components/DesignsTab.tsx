import { PlusOutlined } from '@ant-design/icons'
import { Button, Popconfirm, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Empty } from '@/design/Empty'
import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { useFormat } from '@/lib/session'

import { useArchiveDesign, useDesigns } from '../queries'
import type { Design } from '../types'
import styles from './cards.module.css'

/** Designs as they look on paper. */
export function DesignsTab({ onBatch }: { onBatch?: (design: string) => void }) {
  const { t } = useTranslation('cards')
  const [archived, setArchived] = useState(false)
  const designs = useDesigns(archived)
  if (designs.error) return <ProblemNote problem={designs.error} retry={() => void designs.refetch()} />
  if (!designs.rows) return <Waiting />
  return (
    <div className="stack">
      <label className="row" style={{ justifyContent: 'flex-end' }}><Switch size="small" checked={archived} onChange={setArchived} />{t('archived')}</label>
      {designs.rows.length === 0
        ? <Panel><Empty title={t('noDesigns')} hint={t('noDesignsHint')} action={onBatch && <Link to="/cards/designs/new"><Button type="primary" icon={<PlusOutlined />}>{t('newDesign')}</Button></Link>} /></Panel>
        : <ul className={styles.gallery}>{designs.rows.map((design) => <DesignCard key={design.id} design={design} onBatch={onBatch} />)}</ul>}
      {designs.hasNextPage && <Button loading={designs.isFetchingNextPage} onClick={() => void designs.fetchNextPage()}>{t('more')}</Button>}
    </div>
  )
}

function DesignCard({ design, onBatch }: { design: Design; onBatch?: (design: string) => void }) {
  const { t } = useTranslation('cards')
  const { count } = useFormat()
  const { refused } = useNotice()
  const archive = useArchiveDesign()
  return (
    <li className={styles.design}>
      <Link to={`/cards/designs/${design.id}`} className={styles.picture}>
        <img src={`/api/cards/designs/${design.id}/picture?v=${encodeURIComponent(design.changed_at)}`} alt={design.name} loading="lazy" />
      </Link>
      <div className={styles.about}>
        <strong>{design.name}</strong>
        <span className="faint">{t(`kinds.${design.kind}`)} · {t(`hooks.${design.hook}`)}</span>
        <span className="faint num">{t('ofDesign', { batches: count(design.batches), shipped: count(design.shipped) })}</span>
      </div>
      {onBatch && (
        <div className="row">
          {!design.is_archived && <Button size="small" type="primary" ghost onClick={() => onBatch(design.id)}>{t('newBatch')}</Button>}
          <Link to={`/cards/designs/${design.id}`}><Button size="small">{t('edit')}</Button></Link>
          <Popconfirm title={t(design.is_archived ? 'unarchiveSure' : 'archiveSure')} onConfirm={() => archive.mutate({ id: design.id, is_archived: !design.is_archived }, { onError: refused })}>
            <Button size="small" type="text">{t(design.is_archived ? 'unarchive' : 'archive')}</Button>
          </Popconfirm>
        </div>
      )}
    </li>
  )
}
