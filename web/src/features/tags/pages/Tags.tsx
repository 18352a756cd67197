import { FolderAddOutlined, ImportOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Empty } from '@/design/Empty'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { GroupDrawer } from '../components/GroupDrawer'
import { GroupSheet } from '../components/GroupSheet'
import { TagDrawer } from '../components/TagDrawer'
import { TagSheet } from '../components/TagSheet'
import { TagTree } from '../components/TagTree'
import { findTag } from '../model'
import { useTags } from '../queries'

/** What is known of customers by name: groups of tags, who carries them, and how that came. */
export function Tags() {
  const { t } = useTranslation('tags')
  const can = useCan()
  const [read, write] = useUrlState()
  const tags = useTags()
  const [adding, setAdding] = useState<'group' | 'tag' | null>(null)
  const choose = (chosen: string | undefined) => write({ chosen })
  const groups = tags.data ?? []
  const wanted = read('chosen')
  const tag = wanted ? findTag(groups, wanted) : undefined
  const group = groups.find((one) => one.id === wanted) ?? (tag ? undefined : groups[0])
  const mayDefine = can(permissions.tagDefine)
  const addGroup = mayDefine && <Button icon={<FolderAddOutlined />} onClick={() => setAdding('group')}>{t('group.add')}</Button>
  const fromFile = can(permissions.importWrite) && <Link to="/imports/new?kind=tags"><Button icon={<ImportOutlined />}>{t('importCsv')}</Button></Link>
  return (
    <>
      <PageHead
        title={t('title')}
        subtitle={t('subtitle')}
        actions={<>{fromFile}{addGroup}{mayDefine && groups.length > 0 && <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding('tag')}>{t('tag.add')}</Button>}</>}
      />
      <ProblemNote problem={tags.error} retry={() => void tags.refetch()} />
      {tags.data?.length === 0 && <Panel><Empty title={t('empty')} hint={t('emptyHint')} action={<>{addGroup}{fromFile}</>} /></Panel>}
      {groups.length > 0 && (
        <div className="side-left">
          <TagTree groups={groups} chosen={tag?.id ?? group?.id} onChoose={choose} />
          {tag && <TagSheet key={tag.id} tag={tag} groups={groups} onChoose={choose} />}
          {!tag && group && <GroupSheet key={group.id} group={group} onChoose={choose} />}
        </div>
      )}
      {adding === 'group' && <GroupDrawer onClose={() => setAdding(null)} onMade={choose} />}
      {adding === 'tag' && <TagDrawer group={tag?.group ?? group?.name} onClose={() => setAdding(null)} onMade={choose} />}
    </>
  )
}
