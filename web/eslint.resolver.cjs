// Finds what an import means, for the boundaries between layers: `@/…` is src/…, extensions may be left out.
// Written here because the usual resolver brings native binaries for two dozen platforms into the lock file.
const fs = require('node:fs')
const path = require('node:path')

const ENDINGS = ['', '.ts', '.tsx', '.json', '/index.ts', '/index.tsx']

exports.interfaceVersion = 2

exports.resolve = (source, file) => {
  const base = source.startsWith('@/')
    ? path.join(__dirname, 'src', source.slice(2))
    : source.startsWith('.')
      ? path.resolve(path.dirname(file), source)
      : undefined
  const found = base && ENDINGS.map((ending) => base + ending).find((place) => fs.statSync(place, { throwIfNoEntry: false })?.isFile())
  return found ? { found: true, path: found } : { found: false }
}
