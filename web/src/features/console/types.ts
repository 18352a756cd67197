import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type FirstRunState = Schemas['FirstRunOut']
export type Job = Schemas['JobOut']
export type JobState = Schemas['JobState']
export type JobAsked = Schemas['JobAskedOut']
export type WorkspaceSettings = Schemas['WorkspaceOut']
export type WorkspaceChange = Schemas['WorkspaceIn']
export type SystemState = Schemas['SystemOut']
export type Setting = Schemas['SettingOut']
export type SettingsOfDomain = Schemas['SettingsOut']
export type SettingsChange = Schemas['SettingsIn']
