/** One of several faults that a refusal tells of, with the place in what was sent. */
export type Fault = { path: string; code: string; zh: string; en: string }

/** A refusal of the server (problem+json), with its text in both languages; or of the network, which has none. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly zh?: string,
    readonly en?: string,
    readonly params: Record<string, unknown> = {},
    readonly faults: Fault[] = [],
  ) {
    super(code)
    this.name = 'Problem'
  }

  static of(body: unknown, status: number): Problem {
    const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
    const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : undefined)
    const params = (fields.params ?? {}) as Record<string, unknown>
    const faults = Array.isArray(fields.errors) ? (fields.errors as Fault[]).filter((fault) => typeof fault.path === 'string') : []
    return new Problem(status, text('code') ?? `http.${status}`, text('detail_zh') ?? text('detail'), text('detail_en') ?? text('detail'), params, faults)
  }

  /** What any thrown value means to an operator. */
  static from(thrown: unknown): Problem {
    return thrown instanceof Problem ? thrown : new Problem(0, 'network.unreachable')
  }
}
