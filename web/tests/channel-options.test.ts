import { describe, expect, it } from 'vitest'

import { defaultsOf, needsHost, optionsOf, testChannels } from '@/features/channels/options'

describe('options of accounts', () => {
  it('asks text messages for what their vendor needs', () => {
    expect(optionsOf('sms', 'tencent').map((one) => one.name)).toEqual(['format', 'sign_name', 'sdk_app_id', 'region'])
    expect(optionsOf('sms', 'generic').map((one) => one.name)).toEqual(['format', 'sign_name', 'stop_words'])
    expect(optionsOf('sms', 'aliyun').filter((one) => one.isRequired).map((one) => one.name)).toEqual(['sign_name'])
  })

  it('has a default for every choice, and none for what WeChat needs', () => {
    for (const kind of ['sms', 'email', 'ads']) {
      const defaults = defaultsOf(kind)
      for (const option of optionsOf(kind, defaults.format ?? '')) if (option.choices) expect(option.choices).toContain(defaults[option.name])
    }
    expect(optionsOf('wecom', '')).toEqual([])
  })

  it('asks for an address only where none is known', () => {
    expect([needsHost('sms', 'aliyun'), needsHost('sms', 'generic'), needsHost('webhook', ''), needsHost('email', '')]).toEqual([false, true, true, false])
  })

  it('can try every kind but payments', () => {
    expect(Object.entries(testChannels).filter(([, channels]) => channels.length === 0).map(([kind]) => kind)).toEqual(['pay'])
  })
})
