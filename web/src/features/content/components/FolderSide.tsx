import { DeleteOutlined, FolderOutlined, PlusOutlined } from '@ant-design/icons'
import { App, Button, Input, Menu } from 'antd'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useFolders, useMakeFolder, useRemoveFolder } from '../queries'
import type { Shelf } from '../types'
import styles from './content.module.css'

/** The folders of a shelf beside its list. */
export function FolderSide({ shelf, chosen, onChoose }: { shelf: Shelf; chosen?: string; onChoose: (id: string | undefined) => void }) {
  const { t } = useTranslation('content')
  const { count } = useFormat()
  const { modal } = App.useApp()
  const { refused } = useNotice()
  const can = useCan()
  const folders = useFolders(shelf)
  const make = useMakeFolder()
  const remove = useRemoveFolder()
  const listed = folders.data ?? []
  const within = listed.find((one) => one.id === chosen)
  const parent = within && !within.parent_id ? within.id : undefined
  const ask = () => {
    let name = ''
    modal.confirm({
      title: parent ? t('folder.newIn', { name: within?.name }) : t('folder.new'),
      content: <Input autoFocus maxLength={40} aria-label={t('folder.name')} placeholder={t('folder.name')} onChange={(event) => { name = event.target.value }} />,
      onOk: () => make.mutateAsync({ shelf, name, parent_id: parent ?? null }).catch(refused),
    })
  }
  const entry = (one: (typeof listed)[number]) => ({
    key: one.id,
    icon: <FolderOutlined />,
    style: one.parent_id ? { paddingInlineStart: 34 } : undefined,
    label: (
      <span className={styles.folder}>
        <span>{one.name}</span>
        {can(permissions.contentWrite) && one.id === chosen && one.materials === 0
          ? <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('folder.remove')} onClick={(event) => { event.stopPropagation(); remove.mutate(one.id, { onSuccess: () => onChoose(undefined), onError: refused }) }} />
          : <span className="faint">{count(one.materials)}</span>}
      </span>
    ),
  })
  const ordered = listed.filter((one) => !one.parent_id).flatMap((one) => [one, ...listed.filter((each) => each.parent_id === one.id)])
  return (
    <Panel title={t('fields.folder')} flush extra={can(permissions.contentWrite) && <Button type="text" size="small" icon={<PlusOutlined />} aria-label={t('folder.new')} onClick={ask} />}>
      <Menu mode="inline" selectedKeys={[chosen ?? '']} onClick={({ key }) => onChoose(key || undefined)} items={[{ key: '', label: t('folder.all') }, ...ordered.map(entry)]} style={{ borderInlineEnd: 0 }} />
    </Panel>
  )
}
