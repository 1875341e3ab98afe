// The three repair files against stand-ins that have the browser's shape; libp2p.e2e.ts shows them against the browser itself.

import { describe, expect, it } from 'vitest'
import { repairWebRtc, replayMissedEvents } from './webrtc-init-repair.ts'
import { repairWebSocketClose } from './websocket-close-repair.ts'
import { repairWindowUpdates } from './window-update-repair.ts'

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

describe('missed events', () => {
  it('reach a listener that comes too late, once', async () => {
    const channel = new EventTarget()
    replayMissedEvents(channel)
    channel.dispatchEvent(new Event('open'))
    let calls = 0
    channel.addEventListener('open', () => (calls += 1))
    await turn()
    expect(calls).toBe(1)
  })

  it('are not replayed to a listener that was there in time', async () => {
    const channel = new EventTarget()
    replayMissedEvents(channel)
    let calls = 0
    channel.addEventListener('close', { handleEvent: () => (calls += 1) })
    channel.dispatchEvent(new Event('close'))
    await turn()
    expect(calls).toBe(1)
  })

  it('are not invented', async () => {
    const channel = new EventTarget()
    replayMissedEvents(channel)
    channel.dispatchEvent(new Event('message'))
    let calls = 0
    channel.addEventListener('message', () => (calls += 1))
    channel.addEventListener('open', () => (calls += 1))
    await turn()
    expect(calls).toBe(0)
  })
})

class StandInConnection extends EventTarget {
  signalingState = 'stable'

  createDataChannel(label: string): EventTarget & { label: string } {
    return Object.assign(new EventTarget(), { label })
  }

  close(): void {
    this.signalingState = 'closed'
  }
}

describe('the WebRTC repair', () => {
  it('replays events on the channel called init and on no other', async () => {
    repairWebRtc(StandInConnection.prototype as unknown as RTCPeerConnection)
    for (const [label, expected] of [
      ['init', 1],
      ['', 0],
    ] as const) {
      const channel = new StandInConnection().createDataChannel(label)
      channel.dispatchEvent(new Event('open'))
      let calls = 0
      channel.addEventListener('open', () => (calls += 1))
      await turn()
      expect(calls).toBe(expected)
    }
  })

  it('fires `close` once, however often it is applied and closed', () => {
    repairWebRtc(StandInConnection.prototype as unknown as RTCPeerConnection)
    repairWebRtc(StandInConnection.prototype as unknown as RTCPeerConnection)
    const connection = new StandInConnection()
    let calls = 0
    connection.addEventListener('close', () => (calls += 1))
    connection.close()
    connection.close()
    expect(calls).toBe(1)
  })
})

describe('the WebSocket repair', () => {
  it('closes without a code where the code is one that browsers refuse', () => {
    const closed: unknown[][] = []
    const prototype = { close: (...args: unknown[]) => void closed.push(args) } as unknown as WebSocket
    repairWebSocketClose(prototype)
    prototype.close(1006)
    prototype.close()
    prototype.close(1000, 'done')
    expect(closed).toEqual([[], [], [1000, 'done']])
  })
})

describe('the repair of window updates', () => {
  it('lets the first one pass, and then one for each half of a window', () => {
    const stream = { recvWindow: 100, recvWindowCapacity: 100, updates: 0, sendWindowUpdate: () => {} }
    stream.sendWindowUpdate = () => {
      stream.recvWindowCapacity = stream.recvWindow
      stream.updates += 1
    }
    repairWindowUpdates(stream)
    const seen = Array.from({ length: 11 }, () => {
      stream.recvWindowCapacity -= 10
      stream.sendWindowUpdate()
      return stream.updates
    })
    expect(seen).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3])
  })

  it('leaves a stream alone that has no window', () => {
    const stream = { send: () => true }
    repairWindowUpdates(stream)
    expect(Object.keys(stream)).toEqual(['send'])
  })
})
