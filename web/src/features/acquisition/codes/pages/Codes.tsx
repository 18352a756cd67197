import { PlusOutlined } from '@ant-design/icons'
import { Button, Empty as Nothing, Input, Select, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { StaffNames } from '@/features/organization/pickers/StaffNames'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import styles from '../components/codes.module.css'
import { StandingMark } from '../components/StandingMark'
import { paths } from '../model'
import { useCodes, useFolders } from '../queries'
import type { CodeKind, CodeRow } from '../types'

/** Every code of a kind: how it stands, who serves it now, how many came. */
export function Codes({ kind }: { kind: CodeKind }) {
  const { t } = useTranslation('codes')
  const { count, ago, instant } = useFormat()
  const can = useCan()
  const go = useNavigate()
  const [read, write] = useUrlState()
  const q = read('q')
  const folder = read('folder')
  const state = read('state') === 'archived' ? 'archived' : 'active'
  const codes = useCodes({ kind, q, folder, state })
  const folders = useFolders(kind)
  const make = can(permissions.codeWrite) && <Link to={`${paths[kind]}/new`}><Button type="primary" icon={<PlusOutlined />}>{t(`new.${kind}`)}</Button></Link>
  const filters = [q, folder, state === 'archived' ? state : undefined].filter(Boolean).length
  return (
    <>
      <PageHead title={t(`title.${kind}`)} subtitle={t(`subtitle.${kind}`)} actions={make} />
      <Panel flush>
        <FilterBar active={filters} onClear={() => write({ q: undefined, folder: undefined, state: undefined })} trailing={codes.total !== null && t('total', { total: count(codes.total) })}
          search={<Input.Search key={q} defaultValue={q} allowClear placeholder={t('search')} aria-label={t('search')} onSearch={(words) => write({ q: words.trim() || undefined })} />}>
          <Select allowClear aria-label={t('fields.folder')} placeholder={t('fields.folder')} value={folder} style={{ minWidth: 140 }} onChange={(value?: string) => write({ folder: value })}
            options={folders.data?.filter((one) => one.name).map((one) => ({ value: one.name, label: `${one.name} (${one.codes})` }))} />
          <Select aria-label={t('fields.state')} value={state} style={{ minWidth: 110 }} onChange={(value) => write({ state: value === 'archived' ? value : undefined })}
            options={(['active', 'archived'] as const).map((value) => ({ value, label: t(`state.${value}`) }))} />
        </FilterBar>
        <DataTable<CodeRow>
          label={t(`title.${kind}`)}
          rows={codes.rows}
          rowKey={(code) => code.id}
          problem={codes.error}
          retry={() => void codes.refetch()}
          onOpen={(code) => void go(`${paths[kind]}/${code.id}`)}
          empty={filters ? <Nothing style={{ padding: 40 }} description={t('noMatch')} /> : <Empty title={t(`empty.${kind}`)} hint={t(`emptyHint.${kind}`)} action={make} />}
          more={{ has: codes.hasNextPage, loading: codes.isFetchingNextPage, load: () => void codes.fetchNextPage() }}
          columns={[
            ...(kind === 'channel' || kind === 'group' ? [{ title: t('fields.qr'), width: 64, render: (_: unknown, code: CodeRow) => code.has_picture && <img className={styles.small} src={`/api/acquisition/codes/${code.id}/picture`} alt="" loading="lazy" /> }] : []),
            {
              title: t('fields.name'),
              render: (_, code) => (
                <div style={{ maxWidth: 360 }}>
                  <Link to={`${paths[kind]}/${code.id}`} tabIndex={-1}><strong>{code.name}</strong></Link>
                  <div className="faint" style={{ fontSize: 12.5 }}>{[code.folder, code.remark].filter(Boolean).join(' · ')}</div>
                </div>
              ),
            },
            { title: t('fields.standing'), render: (_, code) => <StandingMark standing={code.standing} /> },
            kind === 'store'
              ? { title: t('fields.stores'), align: 'right' as const, render: (_: unknown, code: CodeRow) => count(code.stores) }
              : { title: t('fields.serving'), render: (_: unknown, code: CodeRow) => <Serving code={code} /> },
            { title: t('fields.added'), align: 'right', render: (_, code) => <strong className="num">{count(code.added)}</strong> },
            { title: t('fields.left'), align: 'right', render: (_, code) => <span className="num">{count(code.left)}</span> },
            { title: t('fields.tags'), render: (_, code) => code.tags.map((tag) => <Tag key={`${tag.group}/${tag.name}`}>{tag.name}</Tag>) },
            { title: t('fields.changed'), render: (_, code) => <span className="num" title={instant(code.changed_at, 'second')}>{ago(code.changed_at)}</span> },
          ]}
          card={(code) => <RowCard title={code.name} side={count(code.added)} lines={[code.remark, <span key="s" className="row"><StandingMark standing={code.standing} /> {t('leftCount', { count: code.left, n: count(code.left) })}</span>]} />}
        />
      </Panel>
    </>
  )
}

function Serving({ code }: { code: CodeRow }) {
  const { t } = useTranslation('codes')
  if (code.kind === 'group') return <>–</>
  return <span>{code.serving.length ? <StaffNames ids={code.serving} /> : t('nobody')} {code.duty && code.duty !== 'shift' && <Tag color={code.duty === 'overflow' ? 'error' : 'warning'}>{t(`duty.${code.duty}`)}</Tag>}</span>
}
