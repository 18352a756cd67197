import type { Plugin } from 'vite'

import { respond } from './rows'

/** Answers /api from made-up rows while the console is worked on without a server. Never part of a build. */
export function mockApi(): Plugin {
  return {
    name: 'mock-api',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const url = new URL(request.url ?? '/', 'http://mock')
        if (!url.pathname.startsWith('/api/') && !url.pathname.startsWith('/lab/')) return next()
        const [status, body] = respond(request.method ?? 'GET', url)
        response.statusCode = status
        response.setHeader('Content-Type', 'application/json')
        response.end(JSON.stringify(body))
      })
    },
  }
}
