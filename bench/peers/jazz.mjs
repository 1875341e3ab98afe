// What it costs a device of one's own to catch up in Jazz: as many texts in one list, to a second node of the same account, by its own protocol
// between two ends of a channel in memory. Prints the CPU of the node that catches up and of the one that serves it, ms.

import { LocalNode, cojsonInternals } from 'cojson'
import { WasmCrypto } from 'cojson/crypto/WasmCrypto'

const messages = Number(process.argv[2])
const textOf = (index) => `message ${String(index).padStart(5, '0')}: about as many words as people write in one message`

const crypto = await WasmCrypto.create()
const { node, accountID, accountSecret } = await LocalNode.withNewlyCreatedAccount({ creationProps: { name: 'Ana' }, crypto })
const list = node.createGroup().createList()
for (let at = 0; at < messages; at += 1) list.append(textOf(at), undefined, 'private')

const [toSecond, toFirst] = cojsonInternals.connectedPeers('first', 'second', { peer1role: 'server', peer2role: 'client' })
const cpu = process.cpuUsage()
node.syncManager.addPeer(toFirst)
const second = await LocalNode.withLoadedAccount({
  accountID,
  accountSecret,
  sessionID: crypto.newRandomSessionID(accountID),
  peers: [toSecond],
  crypto,
})
const caughtUp = await second.load(list.id)
while (caughtUp.asArray().length < messages) await new Promise((resolve) => setTimeout(resolve, 1))
if (caughtUp.asArray().at(-1) !== textOf(messages - 1)) throw new Error('Jazz shows another last message')
const { user, system } = process.cpuUsage(cpu)
console.log(JSON.stringify({ cpuMs: Math.round((user + system) / 1_000) }))
process.exit(0)
