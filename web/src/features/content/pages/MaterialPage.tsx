import { MoreOutlined } from '@ant-design/icons'
import { App, Button, Dropdown, Tabs, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'

import { Facts } from '@/design/Facts'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Stat, Stats } from '@/design/Stat'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { ApprovalPanel } from '../components/ApprovalPanel'
import styles from '../components/content.module.css'
import { OpeningsTable } from '../components/OpeningsTable'
import { PreviewSide } from '../components/PreviewSide'
import { StateMark } from '../components/StateMark'
import { VersionsTab } from '../components/VersionsTab'
import { paths } from '../model'
import { useCopyMaterial, useMaterial, useRemoveMaterial, useRetire } from '../queries'
import type { Material } from '../types'

/** One material: what it says, who approved it, who opened it. */
export function MaterialPage() {
  const { id } = useParams()
  const { t } = useTranslation('content')
  const { count, instant } = useFormat()
  const can = useCan()
  const [read, write] = useUrlState()
  const found = useMaterial(id)
  if (found.error) return <ProblemNote problem={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Waiting />
  const { material, latest } = found.data
  const root = paths[material.shelf]
  const actions = can(permissions.contentWrite) && (
    <span className="row">
      {material.state !== 'retired' && <Link to={`${root}/${material.id}/edit`}><Button type="primary">{t('edit.edit')}</Button></Link>}
      <More material={material} />
    </span>
  )
  const tabs = [
    { key: 'versions', label: t('versions.title'), children: <VersionsTab id={material.id} sent={material.version} /> },
    ...(can(permissions.radar) ? [{ key: 'radar', label: t('radar.title'), children: <OpeningsTable contentId={material.id} /> }] : []),
  ]
  return (
    <>
      <PageHead back={{ to: root, label: t(`title.${material.shelf}`) }} title={<span className="row">{material.name} <StateMark material={material} /></span>} name={material.name}
        subtitle={t('page.made', { who: material.created_by, at: instant(material.created_at) })} actions={actions} />
      <div className={styles.edit}>
        <div className="stack">
          <ApprovalPanel material={material} latest={latest} />
          <Panel>
            <Stats>
              <Stat label={t('fields.uses')} value={count(material.uses)} definition={t('page.usesWhat')} />
              <Stat label={t('fields.members')} value={count(material.members)} />
              <Stat label={t('fields.opens')} value={count(material.opens)} definition={t('page.opensWhat')} />
            </Stats>
          </Panel>
          <Panel>
            <Facts columns={2} facts={[
              { label: t('fields.kind'), value: t(`kinds.${material.kind}`) },
              { label: t('fields.persona'), value: material.persona_name || '–' },
              { label: t('fields.tags'), value: material.tags.length ? material.tags.map((tag) => <Tag key={`${tag.dimension}/${tag.name}`}>{t(`dimensions.${tag.dimension}`)} · {tag.name}</Tag>) : '–' },
              { label: t('fields.changed'), value: instant(material.updated_at) },
            ]} />
          </Panel>
          <Panel><Tabs activeKey={read('tab') ?? 'versions'} onChange={(tab) => write({ tab: tab === 'versions' ? undefined : tab })} items={tabs} /></Panel>
        </div>
        <PreviewSide draft={latest.draft} kind={material.kind} personaId={material.persona_id} />
      </div>
    </>
  )
}

function More({ material }: { material: Material }) {
  const { t } = useTranslation('content')
  const { modal } = App.useApp()
  const { done, refused } = useNotice()
  const go = useNavigate()
  const copy = useCopyMaterial()
  const retire = useRetire()
  const remove = useRemoveMaterial()
  const root = paths[material.shelf]
  const isRetired = material.state === 'retired'
  const acts: Record<string, () => void> = {
    copy: () => copy.mutate({ id: material.id, name: t('page.copyName', { name: material.name }).slice(0, 80) }, { onSuccess: (made) => { done(t('page.copied')); void go(`${root}/${made.id}/edit`) }, onError: refused }),
    retire: () => retire.mutate({ id: material.id, is_retired: !isRetired }, { onSuccess: () => done(t(isRetired ? 'page.restored' : 'page.retired')), onError: refused }),
    remove: () => modal.confirm({ title: t('page.removeSure'), okButtonProps: { danger: true }, onOk: () => remove.mutateAsync(material.id).then(() => void go(root), refused) }),
  }
  return (
    <Dropdown trigger={['click']} menu={{
      items: [
        { key: 'copy', label: t('page.copy') },
        { key: 'retire', label: t(isRetired ? 'page.restore' : 'page.retire') },
        ...(material.version === 0 && material.uses === 0 ? [{ key: 'remove', danger: true, label: t('page.remove') }] : []),
      ],
      onClick: ({ key }) => acts[key]?.(),
    }}>
      <Button icon={<MoreOutlined />} aria-label={t('page.more')} />
    </Dropdown>
  )
}
