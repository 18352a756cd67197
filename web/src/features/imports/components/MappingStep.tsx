import { Button, Select, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'
import { ProblemNote } from '@/design/ProblemNote'
import { useFormat, useSession } from '@/lib/session'
import { bilingual } from '@/lib/text'

import { fitted, missing, ordered, samplesOf, unused } from '../mapping'
import { useSavedMappings, type Plan } from '../queries'
import type { FieldText, ImportDetail, ImportKind, Mapping } from '../types'
import { OptionFields } from './OptionFields'
import { SampleRows } from './SampleRows'

type Props = { run: ImportDetail; kind: ImportKind; before: Plan | null; checking: boolean; problem: unknown; onCheck: (plan: Plan) => void }

/** Which column feeds which field, with what the file holds beside it. */
export function MappingStep({ run, kind, before, checking, problem, onCheck }: Props) {
  const { t, i18n } = useTranslation('imports')
  const { instant } = useFormat()
  const { workspace } = useSession()
  const saved = useSavedMappings(run.kind)
  const [mapping, setMapping] = useState<Mapping>(before?.mapping ?? run.mapping ?? run.suggested_mapping)
  const [options, setOptions] = useState(before?.options ?? run.options ?? { update_mode: 'upsert' as const, historical: true, time_zone: workspace.time_zone, currency: workspace.currency })
  const lacking = missing(kind.fields, mapping)
  const idle = unused(run.columns, mapping)
  const choose = (field: FieldText, column: string | undefined) =>
    setMapping((known) => {
      const { [field.name]: _, ...rest } = known
      return column ? { ...rest, [field.name]: column } : rest
    })
  return (
    <div className="stack">
      <div className="spread">
        <span className="soft">{t('mapping.hint')}</span>
        {(saved.data?.rows.length ?? 0) > 0 && (
          <Select value={null} placeholder={t('mapping.remembered')} aria-label={t('mapping.remembered')} style={{ minWidth: 240 }}
            onChange={(id: string | null) => {
              const known = saved.data?.rows.find((each) => each.id === id)
              if (known) setMapping(fitted(known.mapping, run.columns))
            }}
            options={saved.data?.rows.map((each) => ({ value: each.id, label: `${each.name} · ${instant(each.used_at, 'day')}` }))} />
        )}
      </div>
      <Table<FieldText>
        size="small"
        rowKey="name"
        data-testid="mapping"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={ordered(kind.fields, run.suggested_mapping)}
        columns={[
          { title: t('mapping.field'), width: 220, render: (_, field) => <span title={field.help ?? undefined}>{bilingual(field, i18n.language)} {field.required && <Mark tone="warn">{t('mapping.required')}</Mark>}<div className="faint mono">{field.name}</div></span> },
          {
            title: t('mapping.column'),
            width: 260,
            render: (_, field) => (
              <Select allowClear showSearch value={mapping[field.name]} placeholder={t('mapping.none')} aria-label={bilingual(field, i18n.language)} style={{ width: 240 }}
                status={field.required && !mapping[field.name] ? 'warning' : undefined}
                onChange={(column: string | undefined) => choose(field, column)} options={run.columns.map((column) => ({ value: column, label: column }))} />
            ),
          },
          { title: t('mapping.samples'), render: (_, field) => <span className="soft mono">{samplesOf(mapping[field.name], run.columns, run.sample_rows).join('  |  ') || '–'}</span> },
        ]}
      />
      {idle.length > 0 && <p className="soft">{t('mapping.idle', { count: idle.length })} {idle.join('、')}</p>}
      <OptionFields kind={run.kind} options={options} onChange={setOptions} />
      <SampleRows columns={run.columns} rows={run.sample_rows} />
      <ProblemNote problem={problem} />
      <div className="row">
        <Button type="primary" loading={checking} disabled={lacking.length > 0} onClick={() => onCheck({ mapping, options })}>{t('mapping.check')}</Button>
        {lacking.length > 0 && <span className="soft">{t('mapping.lacking')} {lacking.map((field) => bilingual(field, i18n.language)).join('、')}</span>}
      </div>
    </div>
  )
}
