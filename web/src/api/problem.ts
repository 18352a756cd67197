/** A refusal of the server (problem+json) or of the network, with its text in both languages. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly zh: string,
    readonly en: string,
  ) {
    super(zh)
    this.name = 'Problem'
  }

  text(language: string): string {
    return language.startsWith('zh') ? this.zh : this.en
  }

  static of(body: unknown, status: number): Problem {
    const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
    const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : undefined)
    const detail = text('detail') ?? text('title')
    return new Problem(
      status,
      text('code') ?? `http.${status}`,
      text('detail_zh') ?? detail ?? `服务器返回了 ${status}`,
      text('detail_en') ?? detail ?? `The server answered ${status}`,
    )
  }

  /** What any thrown value means to an operator. */
  static from(thrown: unknown): Problem {
    if (thrown instanceof Problem) return thrown
    return new Problem(0, 'network.unreachable', '连不上服务器，请检查网络后重试', 'The server cannot be reached; check the network and try again')
  }
}
