import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../src')
type Tree = { [key: string]: string | Tree }

function load(language: string, file: string): Tree {
  return JSON.parse(readFileSync(join(root, 'locales', language, file), 'utf8')) as Tree
}

function flat(tree: Tree, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value]] : Object.entries(flat(value, `${prefix}${key}.`)))),
  )
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return sources(path)
    return /\.tsx?$/.test(name) ? [path] : []
  })
}

const files = readdirSync(join(root, 'locales/zh-CN'))

describe('strings', () => {
  it.each(files)('%s has the same keys in both languages', (file) => {
    expect(Object.keys(flat(load('en', file))).sort()).toEqual(Object.keys(flat(load('zh-CN', file))).sort())
  })

  it.each(files)('%s fills the same places in both languages', (file) => {
    const [chinese, english] = [flat(load('zh-CN', file)), flat(load('en', file))]
    const places = (text = '') => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()
    for (const [key, text] of Object.entries(chinese)) expect([key, ...places(english[key])]).toEqual([key, ...places(text)])
  })

  it('are there for every key that the source names', () => {
    const known: Record<string, Record<string, string>> = Object.fromEntries(files.map((file) => [file.replace('.json', ''), flat(load('zh-CN', file))]))
    const lacking: string[] = []
    for (const path of sources(root)) {
      const text = readFileSync(path, 'utf8')
      const namespace = /(?:useTranslation\(|TFunction<)\[?'(\w+)'/.exec(text)?.[1] ?? 'common'
      const here = { ...known.common, ...known[namespace] }
      for (const [, key = ''] of text.matchAll(/\bt\('([\w.-]+)'/g)) {
        if (!(key in here) && !(`${key}_other` in here)) lacking.push(`${path.slice(root.length)}: ${key}`)
      }
      for (const [, prefix = ''] of text.matchAll(/\bt\(`([\w.]+\.)\$\{/g)) {
        if (!Object.keys(here).some((key) => key.startsWith(prefix))) lacking.push(`${path.slice(root.length)}: ${prefix}*`)
      }
    }
    expect(lacking).toEqual([])
    // Every source is read; a busy machine takes its time.
  }, 60_000)
})
