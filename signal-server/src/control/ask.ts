// The other end of the control socket: a command asks the relay that runs on this folder.

import { request } from 'node:http'
import { join } from 'node:path'
import { CONTROL_SOCKET } from './listen.ts'
import type { ControlAnswer } from './listen.ts'

/** Undefined when no relay runs there. */
export function askRelay(folder: string, name: string, word: string): Promise<ControlAnswer | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: join(folder, CONTROL_SOCKET), path: `/${name}`, method: 'POST', agent: false }, (response) => {
      let text = ''
      response.on('data', (part: Buffer) => (text += part.toString()))
      response.on('end', () => resolve(JSON.parse(text) as ControlAnswer))
      response.on('error', reject)
    })
    asked.on('error', (error) => {
      if ('code' in error && (error.code === 'ENOENT' || error.code === 'ECONNREFUSED')) resolve(undefined)
      else reject(error)
    })
    asked.end(word)
  })
}
