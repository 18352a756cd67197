import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, ColorPicker, Dropdown, Form, Input, InputNumber, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'

import { blankBlock, placed, without } from '../model'
import type { Block, Poster } from '../types'
import styles from './content.module.css'
import { FileField } from './FileField'
import { VariableText } from './VariableText'

const sizes = [[750, 1334], [900, 500], [1080, 1080], [1080, 1920]] as const

/** A poster: its size and background, and what stands on it. Places are thousandths of its width. */
export function PosterFields({ poster, onChange }: { poster: Poster; onChange: (poster: Poster) => void }) {
  const { t } = useTranslation('content')
  const blocks = poster.blocks ?? []
  return (
    <div className="stack-small">
      <div className="two">
        <Form.Item label={t('poster.size')}>
          <Select aria-label={t('poster.size')} value={`${poster.width}×${poster.height}`} options={sizes.map(([width, height]) => ({ value: `${width}×${height}`, label: `${width}×${height}` }))}
            onChange={(value) => { const [width, height] = value.split('×').map(Number); onChange({ ...poster, width, height }) }} />
        </Form.Item>
        <Form.Item label={t('poster.paper')}><ColorPicker value={poster.paper} disabledAlpha onChangeComplete={(color) => onChange({ ...poster, paper: color.toHexString().slice(0, 7) })} /></Form.Item>
      </div>
      <Form.Item label={t('poster.background')}><FileField id={poster.background_file_id} onChange={(background_file_id) => onChange({ ...poster, background_file_id })} /></Form.Item>
      {blocks.map((block, place) => (
        <BlockFields key={place} block={block} onChange={(next) => onChange({ ...poster, blocks: placed(blocks, place, next) })} onRemove={() => onChange({ ...poster, blocks: without(blocks, place) })} />
      ))}
      <Dropdown trigger={['click']} menu={{ items: (['text', 'code', 'picture'] as const).map((kind) => ({ key: kind, label: t(`poster.${kind}`) })), onClick: ({ key }) => onChange({ ...poster, blocks: [...blocks, blankBlock(key as Block['kind'], blocks.length)] }) }}>
        <Button type="dashed" icon={<PlusOutlined />} style={{ justifySelf: 'start' }}>{t('poster.add')}</Button>
      </Dropdown>
    </div>
  )
}

function BlockFields({ block, onChange, onRemove }: { block: Block; onChange: (block: Block) => void; onRemove: () => void }) {
  const { t } = useTranslation('content')
  const number = (name: 'x' | 'y' | 'width' | 'height' | 'size') => (
    <Form.Item label={t(`poster.${name === 'size' ? 'size_' : name}`)} style={{ marginBottom: 0 }}>
      <InputNumber aria-label={t(`poster.${name === 'size' ? 'size_' : name}`)} value={block[name]} min={name === 'size' ? 8 : 0} max={name === 'size' ? 400 : name === 'width' ? 1000 : 3000} style={{ width: '100%' }} onChange={(value) => onChange({ ...block, [name]: value ?? 0 })} />
    </Form.Item>
  )
  return (
    <div className={styles.part}>
      <div className={styles.partHead}>
        <strong>{t(`poster.${block.kind}`)}</strong>
        <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('part.remove')} onClick={onRemove} />
      </div>
      {block.kind === 'text' && <VariableText label={t('poster.words')} value={block.text ?? ''} rows={1} onChange={(text) => onChange({ ...block, text })} />}
      {block.kind === 'code' && <Form.Item label={t('poster.leadsTo')} extra={t('poster.leadsToHint')} style={{ marginBottom: 0 }}><Input aria-label={t('poster.leadsTo')} value={block.url} placeholder="https://" onChange={(event) => onChange({ ...block, url: event.target.value })} /></Form.Item>}
      {block.kind === 'picture' && <FileField id={block.file_id} onChange={(file_id) => onChange({ ...block, file_id })} />}
      <div className={styles.block}>{number('x')}{number('y')}{number('width')}{block.kind === 'picture' ? number('height') : block.kind === 'text' && number('size')}</div>
      {block.kind === 'text' && (
        <div className="row">
          <ColorPicker value={block.color} disabledAlpha size="small" onChangeComplete={(color) => onChange({ ...block, color: color.toHexString().slice(0, 7) })} />
          <Switch size="small" checked={block.is_bold} onChange={(is_bold) => onChange({ ...block, is_bold })} aria-label={t('poster.bold')} /> {t('poster.bold')}
          <Switch size="small" checked={block.is_centred} onChange={(is_centred) => onChange({ ...block, is_centred })} aria-label={t('poster.centred')} /> {t('poster.centred')}
        </div>
      )}
    </div>
  )
}
