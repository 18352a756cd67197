import { csrf } from './client'
import { Problem } from './problem'

/** Sends files in one body, with its progress: `fetch` cannot report how much of a body has left. */
export function sendFiles<T>(path: string, files: File[], onProgress: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.setRequestHeader('X-CSRF-Token', csrf())
    request.setRequestHeader('Accept', 'application/json')
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onerror = () => reject(Problem.from(undefined))
    request.onload = () => {
      let body: unknown
      try {
        body = JSON.parse(request.responseText)
      } catch {
        body = undefined
      }
      if (request.status >= 200 && request.status < 300) resolve(body as T)
      else reject(Problem.of(body, request.status))
    }
    const form = new FormData()
    for (const file of files) form.append('files', file)
    request.send(form)
  })
}

/** Saves what a path answers as a file of the browser. */
export async function saveFile(path: string, name: string): Promise<void> {
  const response = await fetch(path)
  if (!response.ok) throw Problem.of(await response.json().catch(() => undefined), response.status)
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
