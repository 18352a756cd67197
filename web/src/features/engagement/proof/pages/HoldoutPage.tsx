import { Alert, Button, Form, InputNumber, Popconfirm, Select, Slider } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Facts } from '@/design/Facts'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useHoldout, usePutHoldout, useRefreshHoldout, useStopHoldout, type Holdout } from '../queries'

type Values = { share: number; refresh_days: number; window_days: number }

/** The members who rest from all marketing, so that everything together can be measured. */
export function HoldoutPage() {
  const { t } = useTranslation('proof')
  const holdout = useHoldout()
  return (
    <>
      <PageHead title={t('holdout')} subtitle={t('holdoutSubtitle')} />
      <ProblemNote problem={holdout.error} retry={() => void holdout.refetch()} />
      {holdout.isPending && <Waiting />}
      {holdout.data && <Body holdout={holdout.data} />}
    </>
  )
}

function Body({ holdout }: { holdout: Holdout }) {
  const { t } = useTranslation('proof')
  const { count, share, instant } = useFormat()
  const can = useCan()
  const running = holdout.experiment
  return (
    <div className="two">
      <div className="stack">
        {running ? (
          <Panel title={t('inForce')} extra={<Link to={`/experiments/${running.id}`}>{t('seeReport')}</Link>}>
            <Facts facts={[
              { label: t('controlShare'), value: share(running.control_basis_points / 10_000) },
              { label: t('resting'), value: count(running.arms[0]?.units) },
              { label: t('eligible'), value: count(running.arms.reduce((sum, arm) => sum + arm.units, 0)) },
              { label: t('draw'), value: t('drawNo', { count: Number(running.origin_id) }) },
              { label: t('drawnAt'), value: instant(holdout.drawn_at, 'day') },
              { label: t('refreshAt'), value: holdout.refresh_at ? instant(holdout.refresh_at, 'day') : t('never') },
            ]} />
          </Panel>
        ) : <Alert type="info" showIcon title={t('noHoldout')} description={t('noHoldoutHint')} />}
        <Panel title={t('rules')}><ul>{['rule1', 'rule2', 'rule3', 'rule4'].map((rule) => <li key={rule}>{t(rule)}</li>)}</ul></Panel>
      </div>
      {can(permissions.proofWrite) && <Change holdout={holdout} />}
    </div>
  )
}

function Change({ holdout }: { holdout: Holdout }) {
  const { t } = useTranslation('proof')
  const notice = useNotice()
  const [put, refresh, stop] = [usePutHoldout(), useRefreshHoldout(), useStopHoldout()]
  const running = holdout.experiment
  const initial: Values = { share: (running?.control_basis_points ?? 500) / 100, refresh_days: running ? (running.refresh_days ?? 0) : 180, window_days: running?.terms.window_days ?? 30 }
  const save = (values: Values) =>
    put.mutate({ share_basis_points: Math.round(values.share * 100), refresh_days: values.refresh_days || null, window_days: values.window_days }, { onSuccess: () => notice.done(t('saved')) })
  const told = (text: string) => ({ onSuccess: () => notice.done(text), onError: notice.refused })
  return (
    <Panel title={running ? t('change') : t('setUp')}>
      <Form<Values> layout="vertical" initialValues={initial} onFinish={save} key={running?.id ?? 'none'}>
        <Form.Item name="share" label={t('controlShare')} extra={t('shareHint')}><Slider min={1} max={20} step={0.5} marks={{ 1: '1%', 5: '5%', 10: '10%', 20: '20%' }} tooltip={{ formatter: (value) => `${value ?? 0}%` }} /></Form.Item>
        <Form.Item name="refresh_days" label={t('refreshEvery')} extra={t('refreshHint')}>
          <Select options={[90, 180, 365, 0].map((value) => ({ value, label: value ? t('days', { count: value }) : t('never') }))} />
        </Form.Item>
        <Form.Item name="window_days" label={t('window')} extra={t('windowHint')}><InputNumber min={1} max={365} suffix={t('day_')} style={{ width: 160 }} /></Form.Item>
        <ProblemNote problem={put.error} />
        <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
          <Button type="primary" htmlType="submit" loading={put.isPending}>{running ? t('saveShare') : t('begin')}</Button>
          {running && <Popconfirm title={t('refreshSure')} description={t('refreshWhat')} onConfirm={() => refresh.mutate(undefined, told(t('refreshed')))}><Button loading={refresh.isPending}>{t('refreshNow')}</Button></Popconfirm>}
          {running && <Popconfirm title={t('stopSure')} description={t('stopWhat')} onConfirm={() => stop.mutate(undefined, told(t('stopped')))} okButtonProps={{ danger: true }}><Button danger loading={stop.isPending}>{t('stop')}</Button></Popconfirm>}
        </div>
      </Form>
    </Panel>
  )
}
