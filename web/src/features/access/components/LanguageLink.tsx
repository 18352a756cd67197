import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { changeLanguage } from '@/lib/i18n'

export function LanguageLink() {
  const { i18n } = useTranslation()
  const isChinese = i18n.language.startsWith('zh')
  return (
    <Button type="link" size="small" data-testid="language" style={{ padding: 0, height: 'auto' }} onClick={() => void changeLanguage(isChinese ? 'en' : 'zh-CN')}>
      {isChinese ? 'English' : '中文'}
    </Button>
  )
}
