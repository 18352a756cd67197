import { Alert, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { ProblemNote } from '@/design/ProblemNote'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { isDescribed, rolesOf } from '../mapping'
import type { Plan } from '../queries'
import type { ImportDetail, ImportFile, ImportKind, Options } from '../types'
import { OptionFields } from './OptionFields'
import { PresetPicker } from './PresetPicker'

type Props = { run: ImportDetail; kind: ImportKind; before: Plan | null; checking: boolean; problem: unknown; onCheck: (plan: Plan) => void }

/** Files that are read by a description as a whole: several related tables, or a preset that was chosen. */
export function DescribedStep({ run, kind, before, checking, problem, onCheck }: Props) {
  const { t } = useTranslation('imports')
  const { count } = useFormat()
  const [read, write] = useUrlState()
  const preset = kind.presets.find((name) => name === read('preset'))
  const suggested = run.mapping ?? run.suggested_mapping ?? undefined
  // Time zone and currency stay with the description unless somebody says otherwise.
  const [options, setOptions] = useState<Options>(before?.options ?? { update_mode: 'upsert', historical: true })
  const isReady = Boolean(preset) || isDescribed(suggested)
  const roles = rolesOf(suggested, run.files)
  const roleOf = (file: ImportFile) => {
    const role = roles[file.name]
    return role && (!preset || preset === suggested?.preset) ? t(`related.roles.${role}`, { defaultValue: role }) : '–'
  }
  return (
    <div className="stack">
      <PresetPicker presets={kind.presets} value={preset ?? (isDescribed(suggested) ? suggested?.preset : undefined)} onPick={(name) => write({ preset: name })} />
      {!isReady && <Alert type="warning" showIcon title={t('related.unknown')} />}
      <div data-testid="files">
        <DataTable<ImportFile>
          label={t('related.files')}
          size="small"
          rows={run.files}
          rowKey={(file) => file.name}
          empty={null}
          columns={[
            { title: t('file'), render: (_, file) => <strong>{file.name}</strong> },
            { title: t('related.role'), render: (_, file) => roleOf(file) },
            { title: t('related.rows'), align: 'right', render: (_, file) => <span className="num">{count(file.rows_estimate)}</span> },
            { title: t('related.columns'), render: (_, file) => <span className="soft">{file.columns.map((column) => column.name).join('、')}</span> },
          ]}
          card={(file) => <RowCard title={file.name} side={<span className="num">{count(file.rows_estimate)}</span>} lines={[roleOf(file), file.columns.map((column) => column.name).join('、')]} />}
        />
      </div>
      <OptionFields kind={run.kind} options={options} placeholder={t('preset.asDescribed')} onChange={setOptions} />
      <ProblemNote problem={problem} />
      <div><Button type="primary" loading={checking} disabled={!isReady} onClick={() => onCheck(preset ? { preset, options } : { mapping: suggested, options })}>{t('mapping.check')}</Button></div>
    </div>
  )
}
