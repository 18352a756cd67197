import createClient from 'openapi-fetch'

import { Problem } from './problem'
import type { paths } from './schema'

let csrfToken = ''

/** The token of the current session; every unsafe request carries it. */
export function rememberCsrf(token: string): void {
  csrfToken = token
}

export function csrf(): string {
  return csrfToken
}

export const api = createClient<paths>({
  baseUrl: '',
  querySerializer: { array: { style: 'form', explode: true } },
})

api.use({
  onRequest({ request }) {
    if (request.method !== 'GET' && request.method !== 'HEAD') request.headers.set('X-CSRF-Token', csrfToken)
    return request
  },
})

type Answer<T> = { data?: T; error?: unknown; response: Response }

/** The body of a successful answer; anything else is thrown as a Problem. */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
  let result: Answer<T>
  try {
    result = await call
  } catch (thrown) {
    throw Problem.from(thrown)
  }
  if (!result.response.ok) throw Problem.of(result.error, result.response.status)
  return result.data as T
}
