import { Button, Progress } from 'antd'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { colours } from '@/design/tokens'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import type { Rfm, RfmSegment, Wish } from '../rhythms'

/** The eleven segments: who they are, how many, what they bring, and how that changed. */
export function SegmentList({ rfm, onWish }: { rfm: Rfm; onWish?: (wish: Wish) => void }) {
  const { t, i18n } = useTranslation('rfm')
  const { count, money, moneyShort, share } = useFormat()
  const name = (each: RfmSegment) => bilingual(each, i18n.language)
  const words = (each: RfmSegment) => bilingual({ zh: each.words_zh, en: each.words_en }, i18n.language)
  const change = (each: RfmSegment) => {
    if (each.members_before === null) return '–'
    const by = each.members - each.members_before
    return by > 0 ? `+${count(by)}` : count(by)
  }
  const save = (each: RfmSegment) =>
    onWish && (
      <Button size="small" type="link" disabled={each.members === 0}
        onClick={() => onWish({ name: `RFM · ${name(each)}`, definition: { trait: 'rfm.segment', is: each.code }, members: each.members })}>
        {t('save')}
      </Button>
    )
  return (
    <Panel title={t('segments')} flush>
      <DataTable<RfmSegment>
        size="small"
        label={t('segments')}
        rows={rfm.segments}
        rowKey={(each) => each.code}
        empty={<Empty small title={t('empty')} />}
        columns={[
          { title: t('segment'), render: (_, each) => <div><strong>{name(each)}</strong><div className="faint">{words(each)}</div></div> },
          { title: t('members'), align: 'right', render: (_, each) => <span className="num">{count(each.members)}</span> },
          { title: t('share'), width: 150, render: (_, each) => <Progress percent={Math.round((each.share ?? 0) * 1000) / 10} size="small" strokeColor={colours.spring} /> },
          { title: t('revenue'), align: 'right', render: (_, each) => <span className="num">{money(each.net_minor, rfm.currency)}</span> },
          { title: rfm.compared_on ? t('since', { day: rfm.compared_on }) : t('change'), align: 'right', render: (_, each) => <span className="num">{change(each)}</span> },
          ...(onWish ? [{ title: '', width: 110, render: (_: unknown, each: RfmSegment) => save(each) }] : []),
        ]}
        card={(each) => <RowCard title={name(each)} side={count(each.members)} lines={[words(each), <div key="s" className="spread"><span>{share(each.share)} · {moneyShort(each.net_minor)} · {change(each)}</span>{save(each)}</div>]} />}
      />
    </Panel>
  )
}
