import { Button, Select, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'
import { ProblemNote } from '@/design/ProblemNote'
import { useSession } from '@/lib/session'
import { bilingual } from '@/lib/text'

import { columnOf, emptyMapping, familyColumns, fed, fieldsOf, fitted, isFamily, missing, ordered, unused, withFamily } from '../mapping'
import type { Plan } from '../queries'
import type { FieldText, ImportDetail, ImportKind, Options } from '../types'
import { MemoryPicker } from './MemoryPicker'
import { OptionFields } from './OptionFields'
import { ReadingButton } from './ReadingButton'
import { SampleRows } from './SampleRows'

type Props = { run: ImportDetail; kind: ImportKind; before: Plan | null; checking: boolean; problem: unknown; onCheck: (plan: Plan) => void }

/** Which column feeds which field, with what the file holds beside it. */
export function MappingStep({ run, kind, before, checking, problem, onCheck }: Props) {
  const { t, i18n } = useTranslation('imports')
  const { workspace } = useSession()
  const first = { update_mode: 'upsert', historical: true, time_zone: workspace.time_zone, currency: workspace.currency } satisfies Options
  const suggested = run.mapping ?? run.suggested_mapping ?? emptyMapping(run.kind)
  const names = run.columns.map((column) => column.name)
  const [mapping, setMapping] = useState(before?.mapping ?? suggested)
  const [options, setOptions] = useState<Options>(before?.options ?? first)
  const name = (field: FieldText) => bilingual(field, i18n.language)
  const samples = (field: FieldText) => {
    const column = run.columns.find((each) => each.name === columnOf(mapping, field.name))
    return column?.samples.slice(0, 3).join('  |  ') || '–'
  }
  const lacking = missing(kind.fields, mapping)
  const idle = unused(names, mapping)
  const columns = names.map((column) => ({ value: column, label: column }))
  return (
    <div className="stack">
      <div className="spread">
        <span className="soft">{t('mapping.hint')}</span>
        <MemoryPicker kind={run.kind} onPick={(known) => setMapping(fitted(known, names))} />
      </div>
      <Table<FieldText>
        size="small"
        rowKey="name"
        data-testid="mapping"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={ordered(kind.fields, suggested)}
        columns={[
          { title: t('mapping.field'), width: 220, render: (_, field) => <span title={field.help}>{name(field)} {field.required && <Mark tone="warn">{t('mapping.required')}</Mark>}<div className="faint mono">{field.name}</div></span> },
          {
            title: t('mapping.column'),
            width: 320,
            render: (_, field) => (
              <span className="row" style={{ flexWrap: 'nowrap' }}>
                <Select allowClear showSearch value={columnOf(mapping, field.name)} placeholder={fieldsOf(mapping)[field.name]?.constant || t('mapping.none')} aria-label={name(field)} style={{ width: 220 }}
                  status={lacking.includes(field) ? 'warning' : undefined}
                  onChange={(column: string | undefined) => setMapping(fed(mapping, field.name, { column: column ?? null }))} options={columns} />
                <ReadingButton field={field} taken={fieldsOf(mapping)[field.name]} onChange={(patch) => setMapping(fed(mapping, field.name, patch))} />
              </span>
            ),
          },
          { title: t('mapping.samples'), render: (_, field) => <span className="soft mono">{samples(field)}</span> },
        ]}
      />
      {kind.fields.filter(isFamily).map((field) => (
        <label key={field.name} className="stack-small">
          <span className="soft">{t('mapping.family', { name: name(field) })}</span>
          <Select mode="multiple" allowClear value={familyColumns(mapping, field)} placeholder={t('mapping.familyHint')} aria-label={name(field)} onChange={(chosen: string[]) => setMapping(withFamily(mapping, field, chosen))}
            options={[...familyColumns(mapping, field), ...idle].map((column) => ({ value: column, label: column }))} />
        </label>
      ))}
      {idle.length > 0 && <p className="soft">{t('mapping.idle', { count: idle.length })} {idle.join('、')}</p>}
      <OptionFields kind={run.kind} options={options} onChange={setOptions} />
      <SampleRows columns={names} rows={run.sample_rows} />
      <ProblemNote problem={problem} />
      <div className="row">
        <Button type="primary" loading={checking} disabled={lacking.length > 0} onClick={() => onCheck({ mapping, options })}>{t('mapping.check')}</Button>
        {lacking.length > 0 && <span className="soft">{t('mapping.lacking')} {lacking.map(name).join('、')}</span>}
      </div>
    </div>
  )
}
