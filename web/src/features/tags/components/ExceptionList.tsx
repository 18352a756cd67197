import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useChangeTagMembers, useTagExceptions } from '../queries'
import type { Tag, TagException } from '../types'
import { actor } from '../words'

/** What staff said by hand against the rule; clearing gives the person back to it. */
export function ExceptionList({ tag }: { tag: Tag }) {
  const { t } = useTranslation('tags')
  const { instant } = useFormat()
  const can = useCan()
  const { done, refused } = useNotice()
  const listed = useTagExceptions(tag.id)
  const change = useChangeTagMembers(tag.id)
  const clear = (one: TagException) => change.mutate({ clear: [one.member_id] }, { onSuccess: () => done(t('exceptions.cleared')), onError: refused })
  const who = (one: TagException) => <Link to={`/members/${one.member_id}`}>{one.name_masked ?? `#${one.member_no}`}</Link>
  const verb = (one: TagException) => <Mark tone={one.verb === 'put' ? 'good' : 'warn'}>{t(`exceptions.${one.verb}`)}</Mark>
  const button = (one: TagException) => can(permissions.tagWrite) && <Button type="link" size="small" onClick={() => clear(one)}>{t('exceptions.clear')}</Button>
  return (
    <>
      <p className="soft">{t('exceptions.hint')}</p>
      <DataTable<TagException>
        size="small"
        label={t('tabs.exceptions', { count: tag.exceptions })}
        rows={listed.data?.rows}
        rowKey={(one) => `${one.member_no}/${one.verb}`}
        problem={listed.error}
        empty={<Empty small title={t('exceptions.empty')} />}
        columns={[
          { title: t('put.member'), render: (_, one) => who(one) },
          { title: t('history.verb'), render: (_, one) => verb(one) },
          { title: t('history.at'), render: (_, one) => <span className="num">{instant(one.at)}</span> },
          { title: t('reason'), render: (_, one) => one.reason || '–' },
          { title: t('actor'), render: (_, one) => actor(t, one.actor) },
          { title: '', render: (_, one) => button(one) },
        ]}
        card={(one) => <RowCard title={who(one)} side={verb(one)} lines={[`${instant(one.at)} · ${one.reason || '–'}`, button(one)]} />}
      />
    </>
  )
}
