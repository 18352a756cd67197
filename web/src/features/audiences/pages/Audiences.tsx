import { AppstoreOutlined, BlockOutlined, DownOutlined, PlusOutlined, UnorderedListOutlined } from '@ant-design/icons'
import { Button, Dropdown, Empty as Nothing, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { Templates } from '../builder/Templates'
import { Delta } from '../components/Delta'
import { NewList } from '../components/NewList'
import { StaleNote } from '../components/StaleNote'
import { StateMark } from '../components/StateMark'
import { useActor } from '../components/useActor'
import { useAudiences } from '../queries'
import type { AudienceRow } from '../types'

/** Every audience: how many, what changed, whether it is kept up. */
export function Audiences() {
  const { t } = useTranslation('audiences')
  const { count, share, ago, instant } = useFormat()
  const can = useCan()
  const actor = useActor()
  const go = useNavigate()
  const [read, write] = useUrlState()
  const [open, setOpen] = useState<'templates' | 'list' | null>(null)
  const q = read('q')
  const audiences = useAudiences(q)
  const mayWrite = can(permissions.audienceWrite)
  const part = (audience: AudienceRow) => share(audience.of ? audience.count / audience.of : null)
  const make = mayWrite && (
    <>
      <Dropdown trigger={['click']} menu={{ items: [{ key: 'templates', icon: <AppstoreOutlined />, label: t('templates.from') }, { key: 'list', icon: <UnorderedListOutlined />, label: t('list.new') }], onClick: ({ key }) => setOpen(key as 'list') }}>
        <Button>{t('otherWays')} <DownOutlined /></Button>
      </Dropdown>
      <Link to="/audiences/new"><Button type="primary" icon={<PlusOutlined />}>{t('new')}</Button></Link>
    </>
  )
  const first = mayWrite && (
    <>
      <Button type="primary" icon={<AppstoreOutlined />} onClick={() => setOpen('templates')}>{t('templates.from')}</Button>
      <Link to="/audiences/new"><Button icon={<PlusOutlined />}>{t('fromNothing')}</Button></Link>
    </>
  )
  return (
    <>
      <PageHead title={t('title')} subtitle={t('subtitle')} actions={<><Link to="/audiences/overlap"><Button icon={<BlockOutlined />}>{t('overlap.title')}</Button></Link>{make}</>} />
      <StaleNote />
      <Panel flush>
        <FilterBar active={q ? 1 : 0} onClear={() => write({ q: undefined })} trailing={audiences.total !== null && t('total', { total: count(audiences.total) })}
          search={<Input.Search key={q} defaultValue={q} allowClear placeholder={t('search')} aria-label={t('search')} onSearch={(words) => write({ q: words.trim() || undefined })} />} />
        <DataTable<AudienceRow>
          label={t('title')}
          rows={audiences.rows}
          rowKey={(audience) => audience.id}
          problem={audiences.error}
          retry={() => void audiences.refetch()}
          onOpen={(audience) => void go(`/audiences/${audience.id}`)}
          empty={q ? <Nothing style={{ padding: 40 }} description={t('noMatch')} /> : <Empty title={t('empty')} hint={t('emptyHint')} action={first} />}
          more={{ has: audiences.hasNextPage, loading: audiences.isFetchingNextPage, load: () => void audiences.fetchNextPage() }}
          columns={[
            {
              title: t('fields.name'),
              render: (_, audience) => (
                <div style={{ maxWidth: 460 }}>
                  <Link to={`/audiences/${audience.id}`} tabIndex={-1}><strong>{audience.name}</strong></Link>
                  <div className="faint" style={{ fontSize: 12.5, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{audience.description || audience.text}</div>
                </div>
              ),
            },
            { title: t('fields.count'), align: 'right', render: (_, audience) => <span className="num"><strong>{count(audience.count)}</strong> <span className="faint">{part(audience)}</span></span> },
            { title: t('fields.delta'), align: 'right', render: (_, audience) => <Delta entered={audience.entered} left={audience.left} /> },
            { title: t('fields.refresh'), render: (_, audience) => (audience.is_list ? '–' : t(`refresh.${audience.refresh}`)) },
            { title: t('fields.state'), render: (_, audience) => <StateMark audience={audience} /> },
            { title: t('fields.computed'), render: (_, audience) => <span className="num" title={instant(audience.computed_at, 'second')}>{ago(audience.computed_at)}</span> },
            { title: t('fields.by'), render: (_, audience) => <span className="soft">{actor(audience.created_by)}</span> },
          ]}
          card={(audience) => (
            <RowCard title={<span className="row" style={{ gap: 6 }}>{audience.name}<StateMark audience={audience} /></span>} side={count(audience.count)}
              lines={[audience.description, <span key="when" className="row">{t(`refresh.${audience.refresh}`)} · {ago(audience.computed_at)} <Delta entered={audience.entered} left={audience.left} /></span>]} />
          )}
        />
      </Panel>
      {open === 'templates' && <Templates onClose={() => setOpen(null)} onChoose={(template) => void go(`/audiences/new?template=${encodeURIComponent(template.id)}`)} />}
      {open === 'list' && <NewList onClose={() => setOpen(null)} />}
    </>
  )
}
