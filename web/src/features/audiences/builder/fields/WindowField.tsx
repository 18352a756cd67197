import { Checkbox, DatePicker, Select } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'

import { isOfMemberZone, measureOf, windowOf, withMemberZone, withWindow, type Leaf, type Window } from '../leaf'
import { DurationField } from './DurationField'

type Props = { leaf: Leaf; onChange: (leaf: Leaf) => void }

const kinds = ['ever', 'rolling', 'day', 'week', 'month', 'between'] as const
type Kind = (typeof kinds)[number]
const format = 'YYYY-MM-DDTHH:mm:ss'

function fresh(kind: Kind): Window {
  if (kind === 'ever') return { kind }
  if (kind === 'rolling') return { kind, within: '30d' }
  if (kind === 'between') return { kind, from: dayjs().startOf('month').format(format), to: dayjs().add(1, 'month').startOf('month').format(format) }
  return { kind: 'calendar', unit: kind }
}

/** When it has to have happened: the last so many days, this day, week or month, or from one instant to another. */
export function WindowField({ leaf, onChange }: Props) {
  const { t } = useTranslation('audiences')
  const window = windowOf(leaf)
  const kind: Kind = window.kind === 'calendar' ? window.unit : window.kind
  const cuts = window.kind === 'calendar' || ('did' in leaf && measureOf(leaf).kind === 'days')
  return (
    <>
      <Select aria-label={t('window.label')} value={kind} onChange={(next: Kind) => onChange(withWindow(leaf, fresh(next)))}
        options={kinds.map((each) => ({ value: each, label: t(`window.${each}`) }))} popupMatchSelectWidth={180} style={{ width: 104 }} />
      {window.kind === 'rolling' && <DurationField label={t('window.amount')} value={window.within} onChange={(within) => onChange(withWindow(leaf, { kind: 'rolling', within }))} />}
      {window.kind === 'between' && (
        <DatePicker.RangePicker
          aria-label={t('window.between')}
          value={[dayjs(window.from.slice(0, 19)), dayjs(window.to.slice(0, 19))]}
          showTime={{ format: 'HH:mm' }}
          format="YYYY-MM-DD HH:mm"
          allowClear={false}
          onChange={(range) => range?.[0] && range[1] && onChange(withWindow(leaf, { kind: 'between', from: range[0].format(format), to: range[1].format(format) }))}
          style={{ width: 320, maxWidth: '100%' }}
        />
      )}
      {cuts && <Checkbox checked={isOfMemberZone(leaf)} onChange={(event) => onChange(withMemberZone(leaf, event.target.checked))}>{t('window.memberZone')}</Checkbox>}
    </>
  )
}
