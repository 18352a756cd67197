import { Button, Form, Input, InputNumber, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'

import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { printPalettes } from '@/design/tokens'
import { Waiting } from '@/design/Waiting'
import { useSession } from '@/lib/session'

import { LookPreview } from '../components/LookPreview'
import styles from '../components/cards.module.css'
import { freshDesign, hooks, kinds, sizes, toMajor, toMinor } from '../model'
import { useDesign, useSaveDesign } from '../queries'
import type { DesignBody, Look } from '../types'

/** A new design or one that is changed, with a picture of what will be printed beside it. */
export function EditDesign() {
  const { id } = useParams()
  const { t } = useTranslation('cards')
  const { workspace } = useSession()
  const design = useDesign(id)
  if (design.error) return <ProblemNote problem={design.error} retry={() => void design.refetch()} />
  if (id && !design.data) return <Waiting />
  const words = { headline: t('fresh.headline'), subline: t('fresh.subline'), offer: t('fresh.offer'), footnote: t('fresh.footnote'), steps: [t('fresh.step1'), t('fresh.step2'), t('fresh.step3')] }
  return <Editor key={id ?? 'new'} id={id} first={design.data ?? freshDesign(workspace.name.slice(0, 40), words)} />
}

type Values = Omit<DesignBody, 'gift_cost_minor' | 'look'> & { gift: number; look: Look }

function Editor({ id, first }: { id?: string; first: DesignBody }) {
  const { t } = useTranslation('cards')
  const go = useNavigate()
  const { done } = useNotice()
  const save = useSaveDesign(id)
  const [form] = Form.useForm<Values>()
  const start = first.look as Look
  const look: Look = { ...start, ...(Form.useWatch('look', form) as Look | undefined) }
  const submit = ({ gift, ...values }: Values) =>
    save.mutate({ ...values, note: values.note ?? '', gift_cost_minor: toMinor(gift), look: { ...look, ...values.look, steps: (values.look.steps ?? []).filter(Boolean) } }, { onSuccess: () => { done(t('saved')); void go('/cards?tab=designs') } })
  return (
    <>
      <PageHead back={{ to: '/cards?tab=designs', label: t('designs') }} title={id ? first.name : t('newDesign')} name={first.name || t('newDesign')} subtitle={t('designWhat')}
        actions={<Button type="primary" loading={save.isPending} onClick={() => form.submit()}>{t('save')}</Button>} />
      <Form<Values> form={form} layout="vertical" onFinish={submit} initialValues={{ ...first, gift: toMajor(first.gift_cost_minor ?? 0), look: { ...start, steps: [0, 1, 2].map((place) => start.steps[place] ?? '') } }}>
        <div className="side-right">
          <div className="stack">
            <Panel title={t('parts.what')}>
              <Form.Item name="name" label={t('fields.design')} rules={[{ required: true, whitespace: true }]}><Input maxLength={120} placeholder={t('hints.designName')} /></Form.Item>
              <div className="two">
                <Form.Item name="kind" label={t('fields.kind')}><Select options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))} /></Form.Item>
                <Form.Item name={['look', 'size']} label={t('fields.size')}><Select options={sizes.map((value) => ({ value, label: t(`sizes.${value}`) }))} /></Form.Item>
                <Form.Item name="hook" label={t('fields.hook')}><Select options={hooks.map((value) => ({ value, label: t(`hooks.${value}`) }))} /></Form.Item>
                <Form.Item name="gift" label={t('fields.giftCost')} tooltip={t('hints.giftCost')}><InputNumber min={0} precision={2} style={{ width: '100%' }} /></Form.Item>
              </div>
            </Panel>
            <Panel title={t('parts.words')}>
              <div className="two">
                {(['brand', 'headline', 'subline', 'offer'] as const).map((name) => <Form.Item key={name} name={['look', name]} label={t(`fields.${name}`)}><Input maxLength={40} /></Form.Item>)}
              </div>
              <div className="two">
                {[0, 1, 2].map((place) => <Form.Item key={place} name={['look', 'steps', place]} label={t('fields.step', { n: place + 1 })}><Input maxLength={40} /></Form.Item>)}
                <Form.Item name={['look', 'footnote']} label={t('fields.footnote')}><Input maxLength={80} /></Form.Item>
              </div>
            </Panel>
            <Panel title={t('parts.colours')}>
              <Form.Item noStyle name={['look', 'color']} hidden><Input /></Form.Item>
              <Form.Item noStyle name={['look', 'paper']} hidden><Input /></Form.Item>
              <Form.Item noStyle name={['look', 'ink']} hidden><Input /></Form.Item>
              <div className={styles.swatches}>
                {printPalettes.map(([color, paper, ink]) => (
                  <button key={color} type="button" className={styles.swatch} aria-pressed={look.color === color} aria-label={color} onClick={() => form.setFieldsValue({ look: { color, paper, ink } } as Partial<Values>)}>
                    <i style={{ background: color }} /><i style={{ background: paper }} /><i style={{ background: ink }} />
                  </button>
                ))}
              </div>
              <Form.Item name={['look', 'is_code_left']} label={t('fields.codeLeft')} valuePropName="checked" style={{ margin: '16px 0 0' }}><Switch /></Form.Item>
            </Panel>
          </div>
          <Panel title={t('preview')} style={{ position: 'sticky', top: 16 }}><LookPreview look={look} /></Panel>
        </div>
      </Form>
      <ProblemNote problem={save.error} />
    </>
  )
}
