// Commands about being woken while no page is open: with which key, where, and whether it works.

import { toHex } from '../../bytes/bytes.ts'
import { readPushRow, writePushRow } from '../network/push-row.ts'
import type { Commands, PushRefusal } from '../../engine.ts'
import type { Network, Store } from '../../ports.ts'
import type { RelayAnswer, RelayRequest } from '../../wire/relay.ts'
import type { Loop } from '../loop.ts'

type Parts = { readonly store: Store; readonly network: Network; readonly loop: Pick<Loop, 'state'> }

export function createPushCommands({ store, network, loop }: Parts): Pick<Commands, 'readPush' | 'setPush' | 'testPush'> {
  const ask = async (request: RelayRequest): Promise<RelayAnswer | undefined> => {
    const { home } = loop.state()
    return home && network.request(toHex(home.key), request).catch(() => undefined)
  }
  const refusalIn = (answer: RelayAnswer | undefined): PushRefusal | undefined => {
    if (answer === undefined) return 'relay-away'
    if (answer.kind !== 'refused') return undefined
    if (answer.reason === 'unknown') return 'none-here'
    return answer.reason === 'denied' || answer.reason === 'malformed' ? 'unknown-service' : 'relay-away'
  }
  return {
    async readPush() {
      const [kept, answer] = await Promise.all([readPushRow(store), ask({ kind: 'get-push-key' })])
      const key = answer?.kind === 'push-key' ? answer.key : (refusalIn(answer) ?? 'none-here')
      return { endpoint: kept?.endpoint, key }
    },
    async setPush({ subscription }) {
      await writePushRow(store, subscription)
      const answer = await ask(subscription ? { kind: 'register-push', subscription } : { kind: 'forget-push' })
      // A relay that was not told learns it from the push service, where the page has taken the subscription back.
      const reason = subscription && refusalIn(answer)
      if (reason === undefined) return { kind: 'saved' }
      await writePushRow(store, undefined)
      return { kind: 'refused', reason }
    },
    async testPush() {
      const reason = refusalIn(await ask({ kind: 'test-push' }))
      return reason === undefined ? { kind: 'sent' } : { kind: 'refused', reason }
    },
  }
}
