import { DownloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { saveFile } from '@/api/transfer'
import { useNotice } from '@/design/notice'

import type { Job } from '../types'

/** The file that a finished job left, if it left one. */
export function JobFile({ job }: { job: Job }) {
  const { t } = useTranslation('console')
  const { refused } = useNotice()
  const id = job.result?.file_id
  if (typeof id !== 'string') return null
  const name = typeof job.result?.file_name === 'string' ? job.result.file_name : job.kind
  return <Button type="link" size="small" icon={<DownloadOutlined />} onClick={() => void saveFile(`/api/files/${id}`, name).catch(refused)}>{t('jobs.download')}</Button>
}
