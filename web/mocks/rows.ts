import { permissions } from '../src/lib/permissions'

const day = (n: number, at = '10:24:00') => new Date(Date.parse(`2026-11-20T${at}.000Z`) - n * 86_400_000).toISOString()
const surnames = '王李张刘陈杨赵黄周吴'
const sources = ['微信小程序', '天猫旗舰店', '门店收银', '抖音小店', '']
const stores = ['静安嘉里店', '徐汇日月光店', '杭州湖滨店', '成都太古里店']
const states = ['completed', 'paid', 'placed', 'cancelled', 'shipped']
const range = (n: number) => Array.from({ length: n }, (_, i) => i)
const page = (rows: unknown[], total: number | null = rows.length) => ({ rows, next_cursor: null, total })

const member = (i: number) => ({
  id: `mem_${1000 + i}`, member_no: 1000 + i, name_masked: i % 5 === 4 ? null : `${surnames[i % 10]}*${i % 2 ? '' : '敏'}`, phone_masked: i % 5 === 4 ? null : `138****${String(1200 + i * 37).slice(0, 4)}`,
  email_masked: i % 3 ? null : 'w***@example.com', user_id: i % 5 === 4 ? null : `u-${5000 + i}`, source: sources[i % 5], home_unit: i % 4 === 3 ? null : { id: `unit_s${i % 4}`, name: stores[i % 4] },
  identified: i % 5 !== 4, created_at: day(400 - i * 6), last_seen_at: day(i), orders_count: i % 5 === 4 ? 0 : (i * 7) % 12, revenue_minor: i % 5 === 4 ? 0 : ((i * 7) % 12) * 18_870, last_order_at: i % 5 === 4 ? null : day(i * 2),
})
const identities = (i: number) => [
  { id: `i1${i}`, kind: 'user_id', namespace: null, value_masked: `u-${5000 + i}`, source: '微信小程序', first_seen_at: day(300), demoted: false },
  { id: `i2${i}`, kind: 'phone', namespace: null, value_masked: '138****1200', source: '门店收银', first_seen_at: day(290), demoted: false },
  { id: `i3${i}`, kind: 'openid', namespace: 'wx8f21', value_masked: 'oX3kZ5bQ7-7c1aTn2', source: '微信小程序', first_seen_at: day(280), demoted: false },
  { id: `i4${i}`, kind: 'buyer_id', namespace: '天猫旗舰店', value_masked: 'tb_99201', source: '订单导入', first_seen_at: day(120), demoted: true },
]
const full = (i: number) => ({
  ...member(i), suppressed: false, merged_into: null, identities: identities(i),
  attributes: [{ name: 'city', value: '上海', at: day(20), source: 'import', pii: false }, { name: 'birthday', value: '1991-05-04', at: day(90), source: '微信小程序', pii: false }, { name: 'level', value: '金卡', at: day(3), source: '会员系统', pii: false }, { name: '肤质', value: '混合偏干', at: day(3), source: '导购', pii: false }],
  consents: [{ purpose: 'marketing', channel: 'sms', address_masked: '138****1200', state: 'subscribed', source: '小程序注册页', version: '2026-03', at: day(200) }, { purpose: 'marketing', channel: 'email', address_masked: 'w***@example.com', state: 'unsubscribed', source: '退订链接', version: '2026-03', at: day(30) }],
})
const kinds = ['Order Completed', 'Product Viewed', 'Order Placed', 'page', 'Product Added']
const timeline = range(30).map((i) => ({ id: `e${i}`, kind: kinds[i % 5], type: 'track', at: day(Math.floor(i / 3), `0${i % 9}:1${i % 5}:00`), received_at: day(i), source: sources[i % 4], props: i % 5 === 0 ? { order_no: `T2026${i}`, total: 178.8, currency: 'CNY', store: '静安嘉里店', lines: [{ product: '山茶花润肤乳', qty: 2 }, { product: '洁面慕斯', qty: 1 }] } : { product: '山茶花润肤乳', category: '面部护理', price: 89 }, late: i === 4, historical: i > 20, future: false }))
const order = (i: number) => ({ shop: i % 2 ? '天猫旗舰店' : '门店收银', order_no: `T20261${1000 + i}`, member_id: i % 4 === 3 ? null : `mem_${1000 + i}`, state: states[i % 5], is_paid: i % 5 < 2, placed_at: day(i), paid_at: day(i), currency: 'CNY', total_minor: 17_880 + i * 900, discount_minor: 1000, shipping_minor: 0, paid_minor: i % 5 < 2 ? 17_880 + i * 900 : 0, refunded_minor: i % 7 === 0 ? 8900 : 0, store_code: 'SH001', staff_code: 'G1024', source: 'import', lines_count: 2, store: { id: 's', name: '静安嘉里店' } })
const unit = (id: string, name: string, kind: string, children: unknown[] = []) => ({ id, code: id.toUpperCase(), name, kind, closed_on: null, staff_count: 6, member_count: 812, children })
const tree = [unit('hq', '山茶集团总部', 'headquarters', [unit('east', '华东区域', 'region', [unit('unit_s0', stores[0]!, 'store'), unit('unit_s1', stores[1]!, 'store'), unit('dealer1', '浙江经销商', 'dealer', [unit('unit_s2', stores[2]!, 'store')])]), unit('west', '西南区域', 'region', [unit('unit_s3', stores[3]!, 'store')])])]
const unitDetail = { id: 'unit_s0', code: 'SH001', name: stores[0], kind: 'store', parent_id: 'east', address: '上海市静安区南京西路 1515 号', longitude: 121.45, latitude: 31.223, opening_hours: { mon: [['10:00', '22:00']], tue: [['10:00', '22:00']], sat: [['10:00', '22:30']] }, phone: '021-60000001', closed_on: null }
const staff = range(6).map((i) => ({ id: `st${i}`, code: `G10${20 + i}`, name: `${surnames[i]}晓${'雯婷悦静琳'[i % 5]}`, phone_masked: '139****0012', title: i ? '导购' : '店长', unit_id: 'unit_s0', unit_name: stores[0], active: i !== 5, left_on: null }))
const perm = (permission: string, zh: string) => ({ permission, domain: permission.split(':')[0], zh, en: permission })
const perms = Object.values(permissions).map((each) => perm(each, each.split(':').slice(1).join(' ')))
const roles = [['owner', '拥有者'], ['operator', '运营'], ['analyst', '分析师'], ['store_manager', '店长'], ['guide', '导购'], ['auditor', '审计'], ['developer', '开发者']].map(([id, zh], i) => ({ id, zh, en: id, name: id, permissions: perms.filter((_, at) => (at * 7 + i * 3) % 5 > i % 3 || i === 0).map((each) => each.permission), builtin: true }))
const users = [{ id: 'u1', name: '林岚', email: 'lin@example.com', roles: ['owner'], unit_ids: [], disabled: false, has_totp: true, has_password: true, last_seen_at: day(0), locale: 'zh-CN', created_at: day(90) }, { id: 'u2', name: '赵店长', email: 'zhao@example.com', roles: ['store_manager', 'guide'], unit_ids: ['unit_s0'], disabled: false, has_totp: false, has_password: true, last_seen_at: day(2), locale: 'zh-CN', created_at: day(80) }]
const weeks = range(26).map((i) => ({ week: day((25 - i) * 7).slice(0, 10), new_buyers: 80 + ((i * 37) % 60), returning_buyers: 20 + i * 6 + ((i * 13) % 30), revenue_minor: 3_200_000 + i * 210_000 + ((i * 771) % 9) * 140_000, orders: 150 + i * 9 }))
const conflict = (i: number) => ({ id: `con_${i}`, state: 'open', kind: 'phone', value_masked: '138****1200', reason: 'user_id', created_at: day(i + 1), decided_at: null, members: [member(i), member(i + 5)] })
const field = (name: string, zh: string, required = false) => ({ name, zh, en: name, type: 'text', required, help: null })
const importKinds = [{ kind: 'orders', zh: '订单', en: 'Orders', fields: [field('order_no', '订单号', true), field('placed_at', '下单时间', true), field('phone', '买家手机号'), field('total', '应付金额', true), field('product', '商品名称'), field('state', '订单状态')] }, ...[['members', '客户'], ['events', '事件'], ['consents', '授权'], ['tags', '标签'], ['staff', '员工'], ['stores', '门店']].map(([kind, zh]) => ({ kind, zh, en: kind, fields: [field('phone', '手机号', true)] }))]
const run = (state: string, i = 0) => ({ id: `imp_${state}`, kind: 'orders', name: `订单报表-2026-${10 + i}.csv`, state, created_at: day(i), created_by: 'u1', finished_at: day(i), rows_done: 18_220, rows_total: 28_010, accepted: 27_871, rejected: 139, job_id: 'job_1', error: null })
const detail = (state: string) => ({ ...run(state), columns: ['订单编号', '总金额', '买家实际支付金额', '收货地址 ', '订单创建时间', '订单付款时间 ', '退款金额'], sample_rows: [['1', '178.8', '0', '上海', '2020-02-21 00:00:00', '', '0'], ['2', '21', '21', '内蒙古自治区', '2020-02-20 23:59:54', '2020-02-21 00:00:02', '0']], encoding: 'UTF-8 BOM', delimiter: ',', rows_estimate: 28_010, suggested_mapping: { order_no: '订单编号', placed_at: '订单创建时间', total: '总金额' }, mapping: null, options: null, report: { rows: 28_010, accepted: 27_871, rejected: 139, created: 27_871, updated: 0, unchanged: 0, reasons: [{ code: 'imports.bad_instant', zh: '下单时间读不懂', en: 'The time cannot be read', rows: 130, first_line: 17 }, { code: 'imports.no_order_no', zh: '缺少订单号', en: 'No order number', rows: 9, first_line: 402 }] } })
const job = (i: number) => ({ id: `job_${i}`, kind: ['imports.run', 'kernel.backup', 'people.export', 'people.erase'][i % 4], state: ['running', 'done', 'done', 'failed'][i % 4], progress: { done: 12_000, total: 28_010, note: '' }, result: i % 4 === 2 ? { file_id: 'f1' } : null, error: i % 4 === 3 ? { code: 'x', zh: '对象不存在', en: 'gone' } : null, created_at: day(i), finished_at: i % 4 ? day(i) : null })

const routes: [RegExp, () => unknown][] = [
  [/session$/, () => ({ user: { id: 'u1', name: '林岚', email: 'lin@example.com', locale: 'zh-CN', roles: ['owner'], staff_id: null, has_password: true, has_totp: false }, workspace: { slug: 'main', name: '山茶集', time_zone: 'Asia/Shanghai', currency: 'CNY', is_demo: true, lab: true }, permissions: Object.values(permissions), scope: { all: true, unit_ids: [] }, csrf_token: 'x', now: day(0) })],
  [/members$/, () => page(range(40).map(member), 12_480)],
  [/members\/[^/]+\/page$/, () => ({ member: full(2), stats: { orders: 7, revenue_minor: 132_090, refunds_minor: 8900, average_order_minor: 18_870, first_order_at: day(300), last_order_at: day(3), events: 212 }, timeline: { rows: timeline, next_cursor: null }, orders: page([]), merges: [{ id: 'mrg_1', survivor_id: 'mem_1002', loser_id: 'mem_1050', at: day(40), reason: '手机号相同', actor: null, actor_name: null, undone_at: null, undo_reason: null }] })],
  [/timeline$/, () => page(timeline)],
  [/members\/[^/]+\/orders$/, () => page(range(7).map(order))],
  [/history$/, () => page([{ id: 'm1', value: '杭州', at: day(90), recorded_at: day(90), source: 'import', actor: null, parent_id: 'east', parent_name: '华东区域', effective_on: '2025-01-01' }])],
  [/reveal$/, () => ({ name: '王敏', phone: '13800001200', email: null })],
  [/conflicts$/, () => page(range(4).map(conflict))],
  [/conflicts\/[^/]+$/, () => ({ ...conflict(1), sides: [full(1), { ...full(6), identities: identities(6).slice(0, 2) }], shared: [], differing: [] })],
  [/orders$/, () => page(range(24).map(order), 31_204)],
  [/orders\/.+/, () => ({ ...order(1), lines: range(2).map((i) => ({ sku: `CM-0${i}`, product: ['山茶花润肤乳', '洁面慕斯'][i], category: '面部护理', qty: i + 1, price_minor: 8900, discount_minor: 0, total_minor: 8900 * (i + 1) })), payments: [{ method: '微信支付', amount_minor: 18_780, at: day(1) }] })],
  [/imports\/kinds$/, () => importKinds],
  [/imports\/mappings$/, () => page([{ id: 'm1', name: '天猫订单报表', mapping: {}, options: {}, used_at: day(30) }])],
  [/imports$/, () => page(['running', 'finished', 'uploaded', 'failed', 'undone'].map(run))],
  [/dry-run$/, () => detail('uploaded').report],
  [/imports\/imp_(\w+)$/, () => detail('uploaded')],
  [/events\/catalogue$/, () => page([...kinds, 'identify', 'Coupon Redeemed'].map((kind, i) => ({ kind, type: 'track', count: 120_000 / (i + 1), first_at: day(360), last_at: day(i), drift: i === 1 })))],
  [/events\/catalogue\/.+/, () => page([{ name: 'price', types: { number: 88_000, text: 120 }, last_seen_at: {}, drift: true, sample_values: [89, '89.00'] }, { name: 'sku', types: { text: 88_120 }, last_seen_at: {}, drift: false, sample_values: ['CM-01', 'CM-02'] }])],
  [/rejected$/, () => page(range(5).map((i) => ({ id: `r${i}`, source: '小程序商城', code: 'activity.identity_missing', zh: '没有 userId 也没有 anonymousId', en: 'Neither userId nor anonymousId', type: 'track', received_at: day(i), times: i + 1, state: 'kept', replayed_at: i === 3 ? day(0) : null })))],
  [/org\/tree$/, () => tree],
  [/org\/units$/, () => page(stores.map((name, i) => ({ ...unitDetail, id: `unit_s${i}`, name, code: `SH00${i}` })))],
  [/org\/units\/[^/]+$/, () => unitDetail],
  [/org\/staff$/, () => page(staff)],
  [/users$/, () => page(users)],
  [/roles$/, () => page(roles)],
  [/permissions$/, () => perms],
  [/keys$/, () => page([{ id: 'k1', name: '小程序商城', kind: 'write', permissions: [], unit_ids: [], prefix: 'wwk_main_7fQ2', created_at: day(80), expires_at: null, last_used_at: day(0), disabled_at: null }, { id: 'k2', name: 'ERP 对接', kind: 'api', permissions: [], unit_ids: [], prefix: 'wsk_main_a81c', created_at: day(40), expires_at: day(-90), last_used_at: day(1), disabled_at: null }])],
  [/audit$/, () => page(range(20).map((i) => ({ id: `${i}`, seq: 420 - i, at: day(0, `0${i % 9}:20:11`), actor: 'usr_1', actor_name: '林岚', action: ['people.revealed', 'people.merged', 'access.signed_in'][i % 3], subject: `mem_${1000 + i}`, detail: { fields: ['phone'] }, hash: 'b1946ac92492d2347c6235b4d2611184' })))],
  [/audit\/verify$/, () => ({ ok: true, checked: 420, head: 'b1946ac92492d2347c6235b4d2611184', broken_at: null })],
  [/jobs$/, () => page(range(8).map(job))],
  [/jobs\/.+/, () => job(0)],
  [/workspace$/, () => ({ slug: 'main', name: '山茶集', time_zone: 'Asia/Shanghai', currency: 'CNY', locale: 'zh-CN' })],
  [/workspace\/system$/, () => ({ version: '0.1.0', stores: [{ name: 'sql', engine: 'SQLite', version: '3.46', bytes: 48_210_944 }, { name: 'log', engine: 'chDB', version: '4.4', bytes: 310_210_944 }], watermark: 1_204_311, queues: { outbox: 0, jobs: 1, rejected: 5 }, clock: day(0), lab: true })],
  [/first-run$/, () => ({ is_empty: false, has_demo: false, lab: true })],
  [/overview$/, () => ({ members: 12_480, identified: 9921, buyers: 7210, orders: 31_204, paid_orders: 29_870, revenue_minor: 563_210_080, refunds_minor: 18_220_000, net_minor: 544_990_080, unattributed: { orders: 2100, revenue_minor: 31_200_000 }, repeat_rate: 0.413, average_order_minor: 18_855, top_decile_share: 0.468, by_week: weeks, sources: sources.map((source, i) => ({ source, members: 5200 - i * 900, buyers: 3000 - i * 600, revenue_minor: 211_000_000 - i * 40_000_000 })), as_of: day(0) })],
]

/** The first route that fits answers. */
export function respond(method: string, url: URL): [number, unknown] {
  const path = url.pathname
  const found = routes.find(([pattern]) => pattern.test(path))
  if (!found) return [404, { status: 404, code: 'http.not_found', detail_zh: `没有 ${method} ${path}`, detail_en: 'not found' }]
  return [200, found[1]()]
}
