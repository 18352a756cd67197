import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { Facts } from '@/design/Facts'

import { days, textOf } from '../hours'
import type { Hours } from '../types'

export function HoursTable({ hours }: { hours: Hours | null | undefined }) {
  const { t } = useTranslation('organization')
  if (!hours || Object.keys(hours).length === 0) return <Empty small title={t('hours.none')} />
  return (
    <Facts facts={days.map((day) => ({ label: t(`hours.${day}`), value: <span className="num">{textOf(hours[day]) || t('hours.shut')}</span> }))} />
  )
}
