import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type Account = Schemas['AccountOut']
export type AccountIn = Schemas['ChannelAccountIn']
export type AccountChange = Schemas['AccountChangeIn']
export type Verdict = Schemas['VerdictOut']
export type CorpStaff = Schemas['StaffMemberOut']
export type SyncRun = Schemas['SyncRunOut']
export type Callback = Schemas['CallbackOut']
export type CallbackState = Schemas['CallbackState']
export type Simulator = Schemas['SimulatorOut']
export type Diagnosis = Schemas['DiagnosisOut']
export type Check = Schemas['CheckOut']
export type TestIn = Schemas['ChannelTestIn']
export type TestOutcome = Schemas['ChannelTestOut']
export type Contact = Schemas['ContactOut']
export type Relation = Schemas['RelationOut']
export type RelationState = Schemas['RelationState']
export type Revealed = Schemas['ContactNameOut']
export type Chat = Schemas['ChatOut']
export type ChatMember = Schemas['ChatMemberOut']
export type ChatChange = Schemas['ChatChangeOut']
export type ChatDay = Schemas['ChatDayOut']
export type MemberChat = Schemas['MemberChatOut']
export type GroupState = Schemas['GroupState']
export type Transfer = Schemas['TransferOut']
export type TransferIn = Schemas['TransferIn']
export type TransferPlan = Schemas['TransferPlanOut']
export type TransferCustomer = Schemas['TransferCustomerOut']
export type TransferState = Schemas['TransferState']
export type Unassigned = Schemas['UnassignedOut']

export type ContactFilter = { account_id?: string; userid?: string; state?: RelationState; from?: string; to?: string }
export type ChatFilter = { account_id?: string; owner?: string; state?: GroupState }
export type TransferFilter = { account_id?: string }
