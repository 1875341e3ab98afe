// The browser's side of Web Push, for tests: its keys, and a push endpoint of the test's own that opens what it gets (RFC 8291).

import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type PushBrowser = ReturnType<typeof createPushBrowser>
export type OpenedPush = { readonly headers: IncomingHttpHeaders; readonly text: string }

export function createPushBrowser() {
  const ecdh = createECDH('prime256v1')
  const key = new Uint8Array(ecdh.generateKeys())
  const auth = new Uint8Array(randomBytes(16))
  const hkdf = (secret: Uint8Array, salt: Uint8Array, info: string | Uint8Array, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, salt, Buffer.from(info), length))
  /** Throws what was not sealed for it. */
  const open = (body: Uint8Array): string => {
    const bytes = Buffer.from(body)
    const [salt, sender] = [bytes.subarray(0, 16), bytes.subarray(21, 86)]
    const ikm = hkdf(ecdh.computeSecret(sender), auth, Buffer.concat([Buffer.from('WebPush: info\0'), key, sender]), 32)
    const cipher = createDecipheriv(
      'aes-128-gcm',
      hkdf(ikm, salt, 'Content-Encoding: aes128gcm\0', 16),
      hkdf(ikm, salt, 'Content-Encoding: nonce\0', 12),
    )
    cipher.setAuthTag(bytes.subarray(-16))
    const plain = Buffer.concat([cipher.update(bytes.subarray(86, -16)), cipher.final()])
    if (plain.at(-1) !== 2) throw new Error('this is not the last record')
    return plain.subarray(0, -1).toString()
  }
  return { keys: { key, auth }, open }
}

/** `next`: the next push that comes, or came and was not taken yet. */
export async function openPushEndpoint({ open }: PushBrowser) {
  const came: OpenedPush[] = []
  const waiting: ((push: OpenedPush) => void)[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.writeHead(201).end()
      const push = { headers: request.headers, text: open(Buffer.concat(chunks)) }
      const first = waiting.shift()
      if (first) first(push)
      else came.push(push)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    endpoint: `${origin}/push/abc`,
    next(): Promise<OpenedPush> {
      const push = came.shift()
      return push ? Promise.resolve(push) : new Promise((done) => waiting.push(done))
    },
    close: () => server.close().closeAllConnections(),
  }
}
