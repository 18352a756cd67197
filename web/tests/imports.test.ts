import { describe, expect, it } from 'vitest'

import { columnOf, familyColumns, fed, fitted, isDescribed, missing, ordered, rolesOf, textOf, unused, valuesFrom, withFamily } from '@/features/imports/mapping'
import type { FieldText, ImportFile, Mapping } from '@/features/imports/types'

const field = (name: string, required = false): FieldText => ({ name, zh: name, en: name, type: 'text', required, help: '' })
const fields = [field('note'), field('total'), field('order_no', true), field('attribute.*')]
const mapping: Mapping = { kind: 'orders', fields: { order_no: { column: '订单编号', values: { a: 'b' } } } }
const columns = ['订单编号', '总金额', '地址 ']

describe('a mapping', () => {
  it('asks for required fields unless a constant feeds them', () => {
    expect(missing(fields, { kind: 'orders', fields: {} }).map((each) => each.name)).toEqual(['order_no'])
    expect(missing(fields, { kind: 'orders', fields: { order_no: { constant: 'x' } } })).toEqual([])
  })
  it('keeps how a field is read when its column changes, and drops what nothing feeds', () => {
    const other = fed(mapping, 'order_no', { column: '总金额' })
    expect([columnOf(other, 'order_no'), other.fields?.order_no?.values]).toEqual(['总金额', { a: 'b' }])
    expect(fed(mapping, 'order_no', { column: null }).fields).toEqual({})
  })
  it('takes families of columns under their own names', () => {
    const wide = withFamily(mapping, field('attribute.*'), ['地址 '])
    expect(wide.fields?.['attribute.地址']).toEqual({ column: '地址 ' })
    expect([familyColumns(wide, field('attribute.*')), unused(columns, wide)]).toEqual([['地址 '], ['总金额']])
    expect(withFamily(wide, field('attribute.*'), []).fields).toEqual(mapping.fields)
  })
  it('remembered from another file keeps only columns of this one', () => {
    expect(fitted({ ...mapping, fields: { ...mapping.fields, total: { column: 'gone' }, shop: { constant: 'T' } } }, columns).fields).toEqual({ ...mapping.fields, shop: { constant: 'T' } })
  })
  it('shows required and suggested fields first', () => {
    expect(ordered(fields, { kind: 'orders', fields: { total: { column: '总金额' } } }).map((each) => each.name)).toEqual(['order_no', 'total', 'note'])
  })
  it('reads translations of values', () => {
    expect(valuesFrom('交易成功 = completed\nnonsense\n')).toEqual({ 交易成功: 'completed' })
    expect(textOf({ a: 'b' })).toBe('a=b')
  })
})

describe('related files', () => {
  const file = (name: string, ...columns: string[]) => ({ name, columns: columns.map((column) => ({ name: column })) }) as unknown as ImportFile
  const described: Mapping = {
    kind: 'orders',
    fields: {},
    tables: { products: { fields: { sku: { column: 'sku' } } }, lines: { fields: { order_no: { column: 'order' }, sku: { column: 'sku' } } } },
  }
  it('play the role whose columns they have, the one with most columns first', () => {
    expect(rolesOf(described, [file('a.csv', 'sku', 'order'), file('b.csv', 'sku'), file('c.csv', 'else')])).toEqual({ 'a.csv': 'lines', 'b.csv': 'products' })
    expect(rolesOf(undefined, [file('a.csv', 'sku')])).toEqual({})
  })
  it('are told from one file by the mapping', () => {
    expect([isDescribed(described), isDescribed(mapping), isDescribed(undefined)]).toEqual([true, false, false])
  })
})
