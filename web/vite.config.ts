/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const backend = process.env.WELLSPRING_URL ?? 'http://127.0.0.1:8800'

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: { '/api': backend, '/v1': backend, '/lab': backend, '/openapi.json': backend },
  },
  build: {
    outDir: '../src/wellspring/console/static',
    emptyOutDir: true,
    target: 'es2022',
    // ECharts alone is larger than the default of 500 kB; it is loaded only by pages that draw.
    chunkSizeWarningLimit: 700,
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
})
