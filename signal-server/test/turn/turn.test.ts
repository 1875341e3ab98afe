// A real coturn takes the credentials that the relay makes, and no others.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { installedCoturn } from '../../../tools/coturn.ts'
import { TURN_SECONDS } from '../../src/limits.ts'
import { createTurnIssuer } from '../../src/turn-server.ts'
import { startCoturn } from './coturn.ts'
import type { Coturn } from './coturn.ts'

// Its package may have to be installed first.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 300_000 })

const SECRET = 'a-turn-secret-of-ours'
let coturn: Coturn | undefined
afterEach(() => coturn?.stop())

type Credentials = { readonly username: string; readonly credential: string }

/** Clients of coturn's own, two and two, of whom each sends the other two messages over the server; resolves with what they say in the end. */
async function talk({ username, credential }: Credentials): Promise<string> {
  const args = ['-y', '-m', '1', '-n', '2', '-u', username, '-w', credential, '-p', String(coturn?.port), '127.0.0.1']
  const { stdout, stderr } = await promisify(execFile)(installedCoturn().client, args, { timeout: 20_000 }).catch(
    (error: unknown) => error as { readonly stdout: string; readonly stderr: string },
  )
  return `${stdout}${stderr}`
}
/** Something came, whatever a busy machine dropped. */
const RECEIVED = /tot_recv_msgs=[1-9]/
const issue = (secret: string, now = Date.now()): Credentials => createTurnIssuer({ urls: ['turn:127.0.0.1'], secret })('alice', now)

describe('a TURN server with the same secret', () => {
  beforeEach(async () => {
    coturn = await startCoturn({ secret: SECRET, peers: 'near' })
  })
  test('passes on what comes with credentials of the relay', async () => {
    expect(await talk(issue(SECRET))).toMatch(RECEIVED)
  })
  test('takes none that are over, are made with another secret, or say that they last longer', async () => {
    const good = issue(SECRET)
    const longer = { ...good, username: good.username.replace(/^[0-9]+/, (until) => String(Number(until) + 1)) }
    for (const wrong of [issue(SECRET, Date.now() - (TURN_SECONDS + 1) * 1_000), issue('another-secret-than-ours'), longer])
      expect(await talk(wrong)).not.toMatch(RECEIVED)
    expect(coturn?.said()).toMatch(/401|Unauthorized/)
  })
})

test('a TURN server as deploy/turnserver.conf has it is no way to the machine that it runs on', async () => {
  coturn = await startCoturn({ secret: SECRET, peers: 'far' })
  expect(await talk(issue(SECRET))).not.toMatch(RECEIVED)
  expect(coturn.said()).toMatch(/403|Forbidden/)
})
