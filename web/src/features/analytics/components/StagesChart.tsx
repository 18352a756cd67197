import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { ChartPanel } from '@/design/ChartPanel'
import { colours } from '@/design/tokens'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import type { Lifecycle, Stages } from '../rhythms'

const shown = ['first', 'repeat', 'sleeping', 'lost'] as const
const paints = { first: colours.sky, repeat: colours.well, sleeping: colours.amber, lost: colours.clay }

/** How many members stood in each stage, week by week. */
export function StagesChart({ lifecycle }: { lifecycle: Lifecycle }) {
  const { t, i18n } = useTranslation('rfm')
  const { count } = useFormat()
  const language = i18n.language
  const option = useMemo(() => {
    const name = (code: string) => bilingual(lifecycle.stages.find((stage) => stage.code === code) ?? {}, language)
    return {
      xAxis: { type: 'category', data: lifecycle.weeks.map((week) => week.on), axisTick: { show: false } },
      yAxis: { type: 'value', minInterval: 1 },
      series: shown.map((code) => ({ name: name(code), type: 'bar', stack: 'stages', barMaxWidth: 26, itemStyle: { color: paints[code] }, data: lifecycle.weeks.map((week) => week[code]) })),
    }
  }, [lifecycle, language])
  const title = (code: string) => bilingual(lifecycle.stages.find((stage) => stage.code === code) ?? {}, language)
  return (
    <ChartPanel<Stages>
      title={t('stagesByWeek')}
      definition={t('stagesWhat')}
      option={option}
      height={320}
      rows={lifecycle.weeks}
      rowKey="on"
      columns={[
        { title: t('day'), dataIndex: 'on' },
        ...(['new', ...shown] as const).map((code) => ({ title: title(code), align: 'right' as const, render: (_: unknown, week: Stages) => count(week[code]) })),
      ]}
    />
  )
}
