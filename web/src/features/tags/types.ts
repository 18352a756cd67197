import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type Tag = Schemas['TagOut']
export type TagGroup = Schemas['TagGroupOut']
export type GroupKind = Schemas['GroupKind']
export type TagIn = Schemas['TagIn']
export type TagChange = Schemas['TagChangeIn']
export type GroupIn = Schemas['TagGroupIn']
export type GroupChange = Schemas['TagGroupChangeIn']
export type TagMember = Schemas['TagMemberOut']
export type TagMembersIn = Schemas['TagMembersIn']
export type TagMembersChanged = Schemas['TagMembersChangedOut']
export type TagTally = Schemas['TagTallyOut']
export type TagException = Schemas['TagExceptionOut']
export type TagChangeRow = Schemas['TagChangeOut']
export type MemberTag = Schemas['MemberTagOut']
export type MemberTagsIn = Schemas['MemberTagsIn']
