import { Alert, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'
import { ProblemNote } from '@/design/ProblemNote'
import { useFormat } from '@/lib/session'

import { useDeleteTag, useMergeTag } from '../queries'
import type { Tag, TagGroup } from '../types'

type Props = { tag: Tag; groups: TagGroup[]; verb: 'delete' | 'merge'; onClose: () => void; onDone: (id: string | undefined) => void }

/** The end of a tag: deleted, or merged into another. Its history stays. */
export function EndDialog({ tag, groups, verb, onClose, onDone }: Props) {
  const { t } = useTranslation('tags')
  const { count } = useFormat()
  const { done } = useNotice()
  const remove = useDeleteTag()
  const merge = useMergeTag()
  const [into, setInto] = useState<string>()
  const isMerge = verb === 'merge'
  const finish = (next: string | undefined) => { done(t(isMerge ? 'merge.done' : 'deleted')); onClose(); onDone(next) }
  const submit = () => {
    if (!isMerge) remove.mutate(tag.id, { onSuccess: () => finish(undefined) })
    else if (into) merge.mutate({ id: tag.id, into }, { onSuccess: () => finish(into) })
  }
  const options = groups.map((group) => ({
    label: group.name,
    options: group.tags.filter((one) => one.id !== tag.id && one.state === 'active').map((one) => ({ value: one.id, label: `${group.name} / ${one.name}` })),
  }))
  return (
    <Modal open title={t(isMerge ? 'merge.title' : 'tag.deleteTitle', { name: tag.name })} okText={t(isMerge ? 'merge.button' : 'delete')} okButtonProps={{ danger: true, disabled: isMerge && !into }} confirmLoading={remove.isPending || merge.isPending} onOk={submit} onCancel={onClose}>
      <div className="stack-small">
        <Alert type="warning" showIcon title={t(isMerge ? 'merge.notice' : 'tag.deleteNotice', { many: count(tag.members) })} />
        {isMerge && <Select showSearch={{ optionFilterProp: 'label' }} value={into} onChange={setInto} options={options} placeholder={t('merge.into')} aria-label={t('merge.into')} style={{ width: '100%' }} />}
        <ProblemNote problem={remove.error ?? merge.error} />
      </div>
    </Modal>
  )
}
