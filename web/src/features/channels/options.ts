/** One option of an account: chosen from a list, or typed. */
export type Option = { name: string; choices?: string[]; isRequired?: boolean; pattern?: RegExp; example?: string }

const mailAddress = /^[^@\s<>,;]+@[^@\s<>,;]+$/

/** The kinds that speak WeChat's way: they call back, and have Token and EncodingAESKey. */
export const wechat = ['wecom', 'official', 'mini']

const mail: Option[] = [
  { name: 'smtp_host', isRequired: true, pattern: /^[A-Za-z0-9.-]+$/, example: 'smtp.exmail.qq.com' },
  { name: 'smtp_security', choices: ['tls', 'starttls', 'none'] },
  { name: 'smtp_port', pattern: /^\d{1,5}$/, example: '465' },
  { name: 'from_address', isRequired: true, pattern: mailAddress, example: 'hi@brand.cn' },
  { name: 'from_name' },
  { name: 'reply_to', pattern: mailAddress },
  { name: 'bounce_address', pattern: mailAddress, example: 'bounce@brand.cn' },
  { name: 'pop_host', pattern: /^[A-Za-z0-9.-]+$/, example: 'pop.exmail.qq.com' },
  { name: 'pop_security', choices: ['tls', 'none'] },
  { name: 'pop_port', pattern: /^\d{1,5}$/, example: '995' },
  { name: 'pop_user' },
]

/** What an account of a kind may be told; text messages by their vendor's format. */
export function optionsOf(kind: string, format: string): Option[] {
  if (kind === 'email') return mail
  if (kind === 'ads') return [{ name: 'audience_id' }, { name: 'hash', choices: ['sha256', 'md5'] }]
  if (kind !== 'sms') return []
  const own: Option[] = format === 'tencent' ? [{ name: 'sdk_app_id', isRequired: true }, { name: 'region', example: 'ap-guangzhou' }] : format === 'generic' ? [{ name: 'stop_words' }] : []
  return [{ name: 'format', choices: ['aliyun', 'tencent', 'generic'] }, { name: 'sign_name', isRequired: format !== 'generic' }, ...own]
}

/** What a fresh account of a kind starts with. */
export function defaultsOf(kind: string): Record<string, string> {
  if (kind === 'email') return { smtp_security: 'tls', pop_security: 'tls' }
  if (kind === 'sms') return { format: 'aliyun' }
  return kind === 'ads' ? { hash: 'sha256' } : {}
}

/** Whether the address to call has to be typed: a vendor's own is known. */
export function needsHost(kind: string, format: string): boolean {
  return kind === 'webhook' || kind === 'ads' || (kind === 'sms' && format === 'generic')
}

/** The channels that a test can go through, by the kind of the account. */
export const testChannels = {
  wecom: ['wecom_app', 'wecom', 'wecom_group', 'moments'],
  official: ['official_template', 'official_subscribe'],
  mini: ['mini_subscribe'],
  pay: [],
  sms: ['sms'],
  email: ['email'],
  webhook: ['webhook'],
  ads: ['ads'],
} as const
