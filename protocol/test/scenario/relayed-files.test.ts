// Photos and files for people who are away: they lie sealed at the relay of whoever is to have them, come from there, and are gone from it then.

import { describe, expect, it } from 'vitest'
import { CHUNKS_PER_ROW_MAX, CHUNKS_READ_MAX, PARCEL_MS_MAX, RELAYED_FILE_BYTES_MAX } from '../../src/attachments/limits.ts'
import { CHUNK_BYTES } from '../../src/limits.ts'
import { ask, bytesOf, file, jpeg, onTheWay, photo, read, rowsAbout, send, withoutParcels } from './attachments-stage.ts'
import { createStage, invite, meet, messages, open, revive, say } from './stage.ts'
import type { NewFile } from '../../src/engine.ts'
import type { RelayRequest } from '../../src/wire/relay.ts'
import type { Stage } from './stage.ts'

const MINUTE_MS = 60_000

/** All calls to relays about parcels, as they go. */
function callsOn(stage: Stage): RelayRequest[] {
  const calls: RelayRequest[] = []
  const request = stage.network.relay.request
  stage.network.relay.request = (client, asked) => {
    if (asked.kind.includes('parcel')) calls.push(asked)
    return request(client, asked)
  }
  return calls
}
const countOf = (calls: readonly RelayRequest[], kind: RelayRequest['kind']): number => calls.filter((call) => call.kind === kind).length

describe('a file for somebody who is away', () => {
  it('comes from the relay, although the two are never online together, and lies there no more afterwards', async () => {
    const stage = createStage('mailbox')
    const { alice, bob, id } = await meet(stage)
    const calls = callsOn(stage)
    bob.crash()
    const [picture, document] = [jpeg(1_600, 1_200), bytesOf(5 * CHUNK_BYTES + 11)]
    const message = await send(stage, alice, id, [photo(picture, [1_600, 1_200]), file(document)], 'from the ridge')
    await stage.pass(MINUTE_MS)
    expect(await onTheWay(stage, alice, id)).toMatchObject([{ state: 'left' }, { state: 'left' }])
    alice.crash()

    await revive(stage, bob)
    await stage.pass(MINUTE_MS)
    expect((await messages(stage, bob, id)).at(-1)?.text).toBe('from the ridge')
    expect(await read(stage, bob, id, message)).toEqual({ kind: 'bytes', bytes: picture })
    expect(await onTheWay(stage, bob, id), 'a file comes when somebody asks for it').toMatchObject([{ item: 1, state: 'offered' }])
    await stage.done(bob.engine().fetchFile({ conversation: id, message, item: 1, isWanted: true }))
    await stage.pass(MINUTE_MS)
    expect(await read(stage, bob, id, message, 1)).toEqual({ kind: 'bytes', bytes: document })
    expect(countOf(calls, 'put-parcel')).toBe(7)
    expect(countOf(calls, 'drop-parcels')).toBe(2)
    expect(rowsAbout(bob).filter((key) => key.startsWith('files/'))).toEqual([])

    await revive(stage, alice)
    await stage.pass(MINUTE_MS)
    expect(await onTheWay(stage, alice, id), 'what is there no more was fetched').toEqual([])
    expect(rowsAbout(alice).filter((key) => key.startsWith('files/'))).toEqual([])
  })

  it('keeps no message waiting, and is not left for who is linked', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const calls = callsOn(stage)
    await send(stage, alice, id, [file(bytesOf(3 * CHUNK_BYTES))])
    await stage.pass(MINUTE_MS)
    expect(countOf(calls, 'put-parcel')).toBe(0)

    stage.network.direct.faults = { dials: 0, linkBreaks: 0 }
    stage.network.direct.cut(undefined)
    await stage.pass(500)
    const before = stage.scheduler.now()
    await say(stage, alice, id, 'while it goes')
    while ((await messages(stage, bob, id)).at(-1)?.text !== 'while it goes') await stage.pass(50)
    expect(stage.scheduler.now() - before).toBeLessThan(3_000)
    await stage.pass(MINUTE_MS)
    expect(countOf(calls, 'put-parcel')).toBe(3)
  })

  it('goes on where it was after crashes of either side', async () => {
    const stage = createStage('mailbox')
    const { alice, bob, id } = await meet(stage)
    const calls = callsOn(stage)
    bob.crash()
    const chunks = 3 * CHUNKS_PER_ROW_MAX
    const document = bytesOf(chunks * CHUNK_BYTES)
    const message = await send(stage, alice, id, [file(document)])
    while (countOf(calls, 'put-parcel') < 2 * CHUNKS_PER_ROW_MAX + 5) await stage.pass(50)
    alice.crash()
    await revive(stage, alice)
    await stage.pass(5 * MINUTE_MS)
    const put = countOf(calls, 'put-parcel')
    expect(put, 'what a row says is there is not sent twice').toBeLessThanOrEqual(chunks + CHUNKS_PER_ROW_MAX)
    expect(await onTheWay(stage, alice, id)).toMatchObject([{ state: 'left' }])

    await revive(stage, bob)
    await stage.pass(5_000)
    await ask(stage, bob, id, message)
    while (countOf(calls, 'get-parcel') < CHUNKS_PER_ROW_MAX + 20) await stage.pass(50)
    bob.crash()
    calls.length = 0
    await revive(stage, bob)
    await stage.pass(5 * MINUTE_MS)
    expect(await read(stage, bob, id, message)).toEqual({ kind: 'bytes', bytes: document.slice(0, CHUNKS_READ_MAX * CHUNK_BYTES) })
    expect(countOf(calls, 'get-parcel')).toBeLessThanOrEqual(chunks - CHUNKS_PER_ROW_MAX + 1)
  })

  it('is not left anew by a sender that died before it knew, once it was fetched', async () => {
    const stage = createStage('mailbox')
    const { alice, bob, id } = await meet(stage)
    bob.crash()
    const chunks = CHUNKS_PER_ROW_MAX + 6
    const { request } = stage.network.relay
    let put = 0
    stage.network.relay.request = async (client, asked) => {
      const answer = await request(client, asked)
      if (asked.kind === 'put-parcel') put += 1
      // It lies there, and nobody hears of it.
      return put === chunks ? new Promise(() => undefined) : answer
    }
    const message = await send(stage, alice, id, [file(bytesOf(chunks * CHUNK_BYTES))])
    while (put < chunks) await stage.pass(50)
    alice.crash()
    stage.network.relay.request = request
    const calls = callsOn(stage)
    await revive(stage, bob)
    await stage.pass(5_000)
    await ask(stage, bob, id, message)
    await stage.pass(2 * MINUTE_MS)
    expect(await onTheWay(stage, bob, id)).toEqual([])
    calls.length = 0
    await revive(stage, alice)
    await stage.pass(MINUTE_MS)
    expect(countOf(calls, 'put-parcel')).toBe(0)
    expect(await onTheWay(stage, alice, id)).toEqual([])
  })

  it('that was sent before they answered a link comes once they were let in', async () => {
    const stage = createStage('mailbox')
    const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
    const { id, link } = await invite(stage, alice, 'welcome')
    const message = await send(stage, alice, id, [photo(jpeg(8, 8), [8, 8])])
    await stage.pass(MINUTE_MS)
    expect(await onTheWay(stage, alice, id)).toMatchObject([{ state: 'ready' }])
    await open(stage, bob, link)
    await say(stage, bob, id, 'hello')
    await stage.pass(3 * MINUTE_MS)
    expect(await read(stage, bob, id, message)).toMatchObject({ kind: 'bytes' })
  })

  it('is taken back with its message', async () => {
    const stage = createStage('mailbox')
    const { alice, bob, id } = await meet(stage)
    const calls = callsOn(stage)
    bob.crash()
    const message = await send(stage, alice, id, [file(bytesOf(2 * CHUNK_BYTES))])
    await stage.pass(MINUTE_MS)
    await stage.done(alice.engine().deleteMessage({ conversation: id, message }))
    await stage.pass(MINUTE_MS)
    expect(countOf(calls, 'drop-parcels')).toBe(1)
    expect(rowsAbout(alice)).toEqual([])
  })

  it('waits for a direct link where it is too large for relays', async () => {
    const stage = createStage('mailbox')
    const { alice, id } = await meet(stage)
    const calls = callsOn(stage)
    const large = bytesOf(10)
    // Not as many bytes as it says: what is asked of them is never read.
    const source: NewFile['source'] = {
      size: RELAYED_FILE_BYTES_MAX + 1,
      slice: (from, to) => ({ arrayBuffer: () => Promise.resolve(new ArrayBuffer(to - from)) }),
    }
    await send(stage, alice, id, [{ ...file(large), source }])
    await stage.pass(MINUTE_MS)
    expect(countOf(calls, 'put-parcel')).toBe(0)
    expect(await onTheWay(stage, alice, id)).toMatchObject([{ state: 'ready' }])
  })

  it('waits for a direct link again when the relay has forgotten it', async () => {
    const stage = createStage('mailbox')
    const { alice, bob, id } = await meet(stage)
    bob.crash()
    await send(stage, alice, id, [file(bytesOf(10))])
    await stage.pass(MINUTE_MS)
    alice.crash()
    alice.skew = PARCEL_MS_MAX
    await revive(stage, alice)
    await stage.pass(MINUTE_MS)
    expect(await onTheWay(stage, alice, id)).toMatchObject([{ state: 'ready' }])
  })
})

describe('a relay that', () => {
  it('has no room makes the file wait, and gets it once there is', async () => {
    const stage = createStage('mailbox')
    const { alice, bob, id } = await meet(stage)
    const request = stage.network.relay.request
    stage.network.relay.request = withoutParcels(stage)
    bob.crash()
    await send(stage, alice, id, [file(bytesOf(10))])
    await stage.pass(MINUTE_MS)
    expect(await onTheWay(stage, alice, id)).toMatchObject([{ state: 'ready' }])
    stage.network.relay.request = request
    await stage.pass(3 * MINUTE_MS)
    expect(await onTheWay(stage, alice, id)).toMatchObject([{ state: 'left' }])
  })

  it('gives other bytes is not asked for them again, and what it gave is nowhere', async () => {
    const stage = createStage('mailbox')
    const { alice, bob, id } = await meet(stage)
    const request = stage.network.relay.request
    let asked = 0
    stage.network.relay.request = async (client, call) => {
      const answer = await request(client, call)
      if (answer.kind !== 'parcel') return answer
      asked += 1
      const parcel = answer.parcel.slice()
      parcel[9] = (parcel[9] ?? 0) ^ 1
      return { kind: 'parcel', parcel }
    }
    const message = await send(stage, alice, id, [photo(jpeg(8, 8), [8, 8])])
    await stage.pass(10 * MINUTE_MS)
    expect(asked).toBe(1)
    expect(await read(stage, bob, id, message)).toEqual({ kind: 'refused', reason: 'not-here' })
    expect(bob.files.image().size).toBe(0)
  })
})
