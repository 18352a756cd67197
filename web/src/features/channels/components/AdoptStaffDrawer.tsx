import { Form, Input, Progress, Segmented } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'
import { UnitPicker } from '@/features/organization/pickers/UnitPicker'

import { useAdoptStaff } from '../adoptQueries'
import type { Account, CorpStaff } from '../types'

type Values = { how: 'known' | 'new'; unit_id?: string; unit_name?: string }

/** Members of the corp become staff of a unit, so that codes and shifts can name them. */
export function AdoptStaffDrawer({ account, people, hasUnits, onClose }: { account: Account; people: CorpStaff[]; hasUnits: boolean; onClose: () => void }) {
  const { t } = useTranslation('channels')
  const { done } = useNotice()
  const cache = useQueryClient()
  const [form] = Form.useForm<Values>()
  const [far, setFar] = useState(0)
  const adopt = useAdoptStaff(setFar)
  const how = Form.useWatch('how', form) ?? (hasUnits ? 'known' : 'new')
  const save = (values: Values) => adopt.mutate({ account, people, unitId: how === 'known' ? values.unit_id : undefined, unitName: values.unit_name }, {
    onSuccess: () => { done(t('adopt.done', { count: people.length })); onClose() },
    onSettled: () => void cache.invalidateQueries(),
  })
  return (
    <FormDrawer<Values> open form={form} title={t('adopt.title')} submit={t('adopt.start', { count: people.length })} initial={{ how: hasUnits ? 'known' : 'new', unit_name: account.name }}
      saving={adopt.isPending} problem={adopt.error} onClose={onClose} onSave={save}>
      <p className="soft" style={{ marginBottom: 16 }}>{t('adopt.what', { names: people.slice(0, 5).map((one) => one.name || one.userid).join('、'), count: people.length })}</p>
      <Form.Item name="how" label={t('adopt.where')} required hidden={!hasUnits}><Segmented block options={(['known', 'new'] as const).map((value) => ({ value, label: t(`adopt.${value}`) }))} /></Form.Item>
      {how === 'known'
        ? <Form.Item name="unit_id" label={t('adopt.unit')} rules={[{ required: true }]}><UnitPicker /></Form.Item>
        : <Form.Item name="unit_name" label={t('adopt.newUnit')} rules={[{ required: true, whitespace: true }]}><Input maxLength={60} /></Form.Item>}
      {adopt.isPending && <Progress percent={Math.round((far / people.length) * 100)} size="small" />}
    </FormDrawer>
  )
}
