import { CopyOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Dropdown, Empty as Nothing, Input, Select, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import styles from '../components/content.module.css'
import { FolderSide } from '../components/FolderSide'
import { StateMark } from '../components/StateMark'
import { fileAddress, kinds, paths, rate } from '../model'
import { useCopiedScript, useKnownTags, useMaterials, usePersonas, type MaterialFilter } from '../queries'
import type { Material, MaterialKind, Shelf } from '../types'

const states = ['approved', 'waiting', 'draft', 'retired'] as const

/** A shelf of the library: materials to be sent, or scripts to be said. */
export function Materials({ shelf }: { shelf: Shelf }) {
  const { t } = useTranslation('content')
  const { count, share, ago } = useFormat()
  const can = useCan()
  const go = useNavigate()
  const [read, write] = useUrlState()
  const tags = useKnownTags().data ?? []
  const personas = usePersonas().data ?? []
  const state = states.find((one) => one === read('state'))
  const filter: MaterialFilter = {
    shelf, q: read('q'), kind: kinds.find((one) => one === read('kind')), group_id: read('folder'), persona_id: read('persona'), tag: read('tag'),
    ...(state === 'waiting' ? { waiting: true } : { state }),
  }
  const materials = useMaterials(filter)
  const root = paths[shelf]
  const offered: MaterialKind[] = shelf === 'scripts' ? ['text', 'image', 'link'] : kinds
  const make = can(permissions.contentWrite) && (
    <Dropdown trigger={['click']} menu={{ items: offered.map((kind) => ({ key: kind, label: t(`kinds.${kind}`) })), onClick: ({ key }) => void go(`${root}/new?kind=${key}`) }}>
      <Button type="primary" icon={<PlusOutlined />}>{t(`new.${shelf}`)}</Button>
    </Dropdown>
  )
  const active = ['q', 'kind', 'persona', 'tag', 'state'].filter((name) => read(name)).length
  return (
    <>
      <PageHead title={t(`title.${shelf}`)} subtitle={t(`subtitle.${shelf}`)} actions={make} />
      <div className={styles.shelves}>
        <FolderSide shelf={shelf} chosen={read('folder')} onChoose={(folder) => write({ folder })} />
        <Panel flush>
          <FilterBar active={active} onClear={() => write({ q: undefined, kind: undefined, persona: undefined, tag: undefined, state: undefined })} trailing={materials.total !== null && t('total', { total: count(materials.total) })}
            search={<Input.Search key={read('q')} defaultValue={read('q')} allowClear placeholder={t('search')} aria-label={t('search')} onSearch={(words) => write({ q: words.trim() || undefined })} />}>
            <Select allowClear aria-label={t('fields.kind')} placeholder={t('fields.kind')} value={filter.kind} style={{ minWidth: 100 }} onChange={(value?: string) => write({ kind: value })} options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))} />
            <Select allowClear showSearch aria-label={t('fields.tag')} placeholder={t('fields.tag')} value={filter.tag} style={{ minWidth: 110 }} onChange={(value?: string) => write({ tag: value })} options={[...new Set(tags.map((tag) => tag.name))].map((value) => ({ value, label: value }))} />
            <Select allowClear aria-label={t('fields.persona')} placeholder={t('fields.persona')} value={filter.persona_id} style={{ minWidth: 110 }} onChange={(value?: string) => write({ persona: value })} options={personas.map((one) => ({ value: one.id, label: one.name }))} />
            <Select allowClear aria-label={t('fields.state')} placeholder={t('fields.state')} value={state} style={{ minWidth: 100 }} onChange={(value?: string) => write({ state: value })} options={states.map((value) => ({ value, label: t(`filterStates.${value}`) }))} />
          </FilterBar>
          <DataTable<Material>
            label={t(`title.${shelf}`)}
            rows={materials.rows}
            rowKey={(one) => one.id}
            problem={materials.error}
            retry={() => void materials.refetch()}
            onOpen={(one) => void go(`${root}/${one.id}`)}
            empty={active || read('folder') ? <Nothing style={{ padding: 40 }} description={t('noMatch')} /> : <Empty title={t(`empty.${shelf}`)} hint={t(`emptyHint.${shelf}`)} action={make} />}
            more={{ has: materials.hasNextPage, loading: materials.isFetchingNextPage, load: () => void materials.fetchNextPage() }}
            columns={[
              { title: t('fields.name'), render: (_, one) => <Name one={one} root={root} /> },
              { title: t('fields.kind'), render: (_, one) => <div>{t(`kinds.${one.kind}`)}<div className="faint" style={{ fontSize: 12.5 }}>{one.persona_name}</div></div> },
              { title: t('fields.state'), render: (_, one) => <StateMark material={one} /> },
              { title: t('fields.tags'), render: (_, one) => <div style={{ maxWidth: 130, display: 'flex', gap: 4, flexWrap: 'wrap' }}>{one.tags.slice(0, 3).map((tag) => <Tag key={`${tag.dimension}/${tag.name}`} style={{ marginInlineEnd: 0 }}>{tag.name}</Tag>)}</div> },
              { title: t('fields.uses'), align: 'right', render: (_, one) => <span className="num">{count(one.uses)}</span> },
              shelf === 'scripts'
                ? { title: '', render: (_: unknown, one: Material) => one.version > 0 && <CopyScript one={one} /> }
                : { title: t('fields.opens'), align: 'right' as const, render: (_: unknown, one: Material) => <span className="num">{count(one.opens)} {one.members > 0 && <span className="faint">{share(rate(Math.min(one.opens, one.members), one.members))}</span>}</span> },
              { title: t('fields.changed'), render: (_, one) => <span className="num">{ago(one.updated_at)}</span> },
            ]}
            card={(one) => <RowCard title={one.name} side={<StateMark material={one} />} lines={[one.excerpt, `${t(`kinds.${one.kind}`)}${one.persona_name && ` · ${one.persona_name}`} · ${t('usedTimes', { count: one.uses, n: count(one.uses) })}`, shelf === 'scripts' && one.version > 0 && <CopyScript key="c" one={one} />]} />}
          />
        </Panel>
      </div>
    </>
  )
}

function Name({ one, root }: { one: Material; root: string }) {
  return (
    <div className={styles.name}>
      {one.cover_file_id && <img className={styles.small} src={fileAddress(one.cover_file_id)} alt="" loading="lazy" />}
      <div>
        <Link to={`${root}/${one.id}`} tabIndex={-1}><strong>{one.name}</strong></Link>
        <div className={`faint ${styles.excerpt}`}>{one.excerpt}</div>
      </div>
    </div>
  )
}

function CopyScript({ one }: { one: Material }) {
  const { t } = useTranslation('content')
  const { done, refused } = useNotice()
  const copied = useCopiedScript()
  const copy = () => copied.mutate(one.id, {
    onSuccess: ({ text, missing }) => void navigator.clipboard.writeText(text).then(() => done(missing.length ? t('copiedWithGaps') : t('copied')), refused),
    onError: refused,
  })
  return <Button size="small" icon={<CopyOutlined />} loading={copied.isPending} onClick={(event) => { event.stopPropagation(); copy() }}>{t('copyScript')}</Button>
}
