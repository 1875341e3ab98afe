// What the running relay answers to its own operator: a Unix socket in the data folder, which only the relay's user can open. JSON over HTTP.

import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { CONTROL_BYTES_MAX } from '../limits.ts'
import { messageOf } from '../reports.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '../reports.ts'

export const CONTROL_SOCKET = 'relay.sock'

/** What a command asks, by its name; the answer is printed. */
export type ControlActions = Readonly<Record<string, (word: string) => Promise<ControlAnswer>>>
export type ControlAnswer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string }

/** Resolves with what closes it. Without a socket the relay works all the same. */
export async function listenForControl(folder: string, actions: ControlActions, log: Log): Promise<() => Promise<void>> {
  const path = join(folder, CONTROL_SOCKET)
  // Left behind by a relay that was killed: the folder's lock says that none runs.
  await rm(path, { force: true })
  const server = createServer((request, response) => {
    answer(request, actions).then(
      (said) => respond(response, said),
      (error: unknown) => respond(response, { ok: false, message: messageOf(error) }),
    )
  })
  try {
    server.listen(path)
    await once(server, 'listening')
  } catch (error) {
    log(`commands cannot reach this relay: ${messageOf(error)}; set KITH_DATA_DIR to a folder with a shorter path if that is the reason`)
    return async () => {}
  }
  return async () => {
    server.close()
    server.closeAllConnections()
    await rm(path, { force: true })
  }
}

async function answer(request: IncomingMessage, actions: ControlActions): Promise<ControlAnswer> {
  const name = (request.url ?? '').slice(1)
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (!action || request.method !== 'POST') return { ok: false, message: 'this relay does not know the command' }
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > CONTROL_BYTES_MAX) return { ok: false, message: 'that is too long' }
    parts.push(part)
  }
  return action(Buffer.concat(parts).toString('utf8').trim())
}

function respond(response: ServerResponse, said: ControlAnswer): void {
  response.writeHead(200, { 'content-type': 'application/json', connection: 'close' })
  response.end(`${JSON.stringify(said)}\n`)
}
