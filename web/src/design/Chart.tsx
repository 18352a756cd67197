import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { useEffect, useRef } from 'react'

import { colours, series } from './tokens'

const base = {
  color: [...series],
  textStyle: { fontFamily: 'inherit', color: colours.inkSoft },
  grid: { left: 8, right: 8, top: 34, bottom: 4, containLabel: true },
  tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, borderWidth: 0, textStyle: { fontSize: 12 } },
  legend: { top: 0, left: 0, itemWidth: 10, itemHeight: 10, icon: 'roundRect', textStyle: { color: colours.inkSoft } },
  animationDuration: 200,
}

/** A drawing. ECharts itself is loaded only once a chart is on the page. */
export function Chart({ option, height = 260, label }: { option: EChartsCoreOption; height?: number; label: string }) {
  const holder = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType | null>(null)
  useEffect(() => {
    const element = holder.current
    if (!element) return
    let gone = false
    const resize = new ResizeObserver(() => chart.current?.resize())
    void import('./plot').then(({ init }) => {
      if (gone) return
      chart.current ??= init(element)
      chart.current.setOption({ ...base, ...option }, true)
      resize.observe(element)
    })
    return () => {
      gone = true
      resize.disconnect()
    }
  }, [option])
  useEffect(() => () => {
    chart.current?.dispose()
    chart.current = null
  }, [])
  return <div ref={holder} role="img" aria-label={label} style={{ height, width: '100%' }} />
}
