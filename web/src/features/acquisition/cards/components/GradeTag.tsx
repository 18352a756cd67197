import { Tag, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'

import { gradeColours } from '../model'

/** Added per card shipped, against 5, 10 and 15 percent. */
export function GradeTag({ grade }: { grade: string }) {
  const { t } = useTranslation('cards')
  if (!grade) return null
  return <Tooltip title={t('gradeWhat')}><Tag color={gradeColours[grade]} style={{ margin: 0 }}>{t(`grades.${grade}`)}</Tag></Tooltip>
}
