import { Button, Form, Input, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'

import { useDecide } from '../queries'
import type { ConflictEvidence, Decision } from '../types'
import { displayName } from '../words'

/** A person decides; the reason stays with the decision. */
export function DecisionPanel({ evidence }: { evidence: ConflictEvidence }) {
  const { t } = useTranslation('people')
  const go = useNavigate()
  const { done } = useNotice()
  const [form] = Form.useForm<Decision>()
  const decision = Form.useWatch('decision', form)
  const decide = useDecide(evidence.conflict.id)
  const sides = [evidence.holder, evidence.claimant].map(({ member }, index) => ({ value: member.id, label: `${index === 0 ? 'A' : 'B'} ${displayName(member, t)}` }))
  // Two who only look alike have no identifier that could move.
  const isLikely = evidence.conflict.kind === null
  const choices = (['merge', 'keep_apart', 'move_identity'] as const).filter((each) => !isLikely || each !== 'move_identity')
  const hint = (each: (typeof choices)[number]) => (isLikely && each === 'keep_apart' ? t('likely.keepApartHint') : t(`conflicts.decisionHints.${each}`))
  const save = (values: Decision) => decide.mutate(values, { onSuccess: () => { done(t('conflicts.done')); void go('/conflicts') } })
  return (
    <Panel title={t('conflicts.decide')}>
      <Form<Decision> form={form} layout="vertical" requiredMark={false} onFinish={save} style={{ maxWidth: 720 }}>
        <Form.Item name="decision" rules={[{ required: true, message: t('conflicts.choose') }]}>
          <Radio.Group>
            <div className="stack-small">
              {choices.map((each) => (
                <Radio key={each} value={each}>{t(`conflicts.decisions.${each}`)}<div className="soft">{hint(each)}</div></Radio>
              ))}
            </div>
          </Radio.Group>
        </Form.Item>
        {decision === 'merge' && (
          <Form.Item name="survivor_id" label={t('conflicts.survivor')} rules={[{ required: true }]}><Radio.Group options={sides} /></Form.Item>
        )}
        <Form.Item name="reason" label={t('reason')} rules={[{ required: true, message: t('reasonMissing') }]}><Input placeholder={t(isLikely ? 'likely.reasonHint' : 'conflicts.reasonHint')} /></Form.Item>
        <ProblemNote problem={decide.error} />
        <Button type="primary" htmlType="submit" loading={decide.isPending}>{t('conflicts.submit')}</Button>
      </Form>
    </Panel>
  )
}
