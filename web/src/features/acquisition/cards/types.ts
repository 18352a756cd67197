import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type Design = Schemas['DesignOut']
export type DesignBody = Schemas['DesignIn']
export type DesignKind = Schemas['DesignKind']
export type Look = Schemas['LookOut']
export type Hook = Schemas['Hook']
export type Batch = Schemas['CardBatchOut']
export type BatchBody = Schemas['CardBatchIn']
export type BatchChange = Schemas['CardBatchChangeIn']
export type Funnel = Schemas['FunnelOut']
export type Leaver = Schemas['LeaverOut']
export type Comparison = Schemas['ComparisonOut']
export type Arm = Schemas['ArmOut']
export type Metric = Schemas['Metric']
export type Sheet = Schemas['Sheet']
export type CodeRow = Schemas['CodeRowOut']
