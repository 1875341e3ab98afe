// Web Push against a push endpoint of the test's own, which opens what it gets as a browser does.

import { createPublicKey, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { createPushBrowser, openPushEndpoint } from '../../test/push-browser.ts'
import {
  PUSH_ANSWER_MS_MAX,
  PUSH_EVERY_MS,
  PUSH_RATE,
  PUSH_RECORD_BYTES,
  PUSH_RETRIES_MAX,
  PUSH_RETRY_MS,
  PUSH_RETRY_MS_MAX,
  PUSH_TTL_S,
  PUSHES_RETRIED_MAX,
  PUSHES_UNDER_WAY_MAX,
  PUSHES_WAITING_MAX,
  VAPID_MS,
} from '../limits.ts'
import { sealPush } from './encrypt.ts'
import { createPost } from './post.ts'
import { createSender } from './sender.ts'
import { isNear } from './near.ts'
import { judgeSubscription } from './subscription.ts'
import { createVapidKey, vapidSecretOf } from './vapid.ts'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PushSubscription } from '@kith/protocol'
import type { Post, Push, PushResult } from './sender.ts'

const b64 = (text: string): Buffer => Buffer.from(text, 'base64url')
const NOW = 1_800_000_000_000
const TEXT = new TextEncoder().encode('{"web_push":8030}')

describe('what a push carries', () => {
  test('is sealed as the example of RFC 8291 is', () => {
    const sealed = sealPush(
      new TextEncoder().encode('When I grow up, I want to be a watermelon'),
      {
        key: b64('BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'),
        auth: b64('BTBZMqHH6r4Tts7J_aSIgg'),
      },
      { salt: b64('DGv6ra1nlYgDCS1FRnbzlw'), secret: b64('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw') },
    )
    expect(Buffer.from(sealed).toString('base64url')).toBe(
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    )
    expect(new DataView(sealed.buffer).getUint32(16)).toBe(PUSH_RECORD_BYTES)
  })
  test('is opened by its browser, is another each time, and says by whom it was sent, to whom and until when', () => {
    const { keys, open } = createPushBrowser()
    const [one, two] = [sealPush(TEXT, keys), sealPush(TEXT, keys)]
    expect([open(one), open(two)]).toEqual([Buffer.from(TEXT).toString(), Buffer.from(TEXT).toString()])
    expect(one).not.toEqual(two)
    const vapid = createVapidKey(new Uint8Array(32).fill(5), 'mailto:relay@example.org')
    const [, head = '', claims = '', signature = '', key = ''] =
      /^vapid t=([^.]+)\.([^.]+)\.([^,]+), k=(.+)$/.exec(vapid.authorization('https://push.example', NOW)) ?? []
    expect(b64(key)).toEqual(Buffer.from(vapid.publicKey))
    expect(JSON.parse(b64(claims).toString())).toEqual({
      aud: 'https://push.example',
      exp: (NOW + VAPID_MS) / 1_000,
      sub: 'mailto:relay@example.org',
    })
    const [x, y] = [b64(key).subarray(1, 33).toString('base64url'), b64(key).subarray(33).toString('base64url')]
    const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
    const isSigned = (words: string): boolean =>
      verify('sha256', Buffer.from(words), { key: publicKey, dsaEncoding: 'ieee-p1363' }, b64(signature))
    expect([isSigned(`${head}.${claims}`), isSigned(`${head}.x${claims}`)]).toEqual([true, false])
  })
})

describe('a subscription', () => {
  const { keys } = createPushBrowser()
  const places = { hosts: ['push.example.org'], origins: ['http://127.0.0.1:9000'] }
  const judge = (endpoint: string, key: Uint8Array = keys.key) => judgeSubscription({ endpoint, key, auth: keys.auth }, places)

  test('leads to a push service that is known, by HTTPS, and to nothing near the relay', () => {
    expect(judge('https://fcm.googleapis.com/fcm/send/abc')).toBeUndefined()
    expect(judge('https://updates.push.services.mozilla.com/wpush/v2/abc')).toBeUndefined()
    expect(judge('https://push.example.org/a')).toBeUndefined()
    expect(judge('http://127.0.0.1:9000/a')).toBeUndefined()
    for (const wrong of [
      'http://fcm.googleapis.com/a',
      'https://fcm.googleapis.com:8443/a',
      'https://user:secret@fcm.googleapis.com/a',
      'https://127.0.0.1/a',
      'http://127.0.0.1:9001/a',
      'https://10.0.0.1/a',
      'https://0x7f.1/a',
      'https://2130706433/a',
      'https://[::1]/a',
      'https://localhost/a',
      'file:///etc/passwd',
      'nonsense',
    ])
      expect(judge(wrong), wrong).toBe('malformed')
    for (const other of ['https://fcm.googleapis.com.example.org/a', 'https://notfcm.googleapis.com/a', 'https://localhost./a'])
      expect(judge(other), other).toBe('denied')
  })
  test('has a key that is a point of the curve', () => {
    expect(judge('https://fcm.googleapis.com/a', new Uint8Array(65).fill(4))).toBe('malformed')
    expect(judge('https://fcm.googleapis.com/a', Uint8Array.of(2, ...keys.key.subarray(1)))).toBe('malformed')
  })
  test('leads to no address of this machine or its networks, however it is written', () => {
    const near = [
      '127.0.0.1',
      '0.0.0.0',
      '10.1.2.3',
      '100.64.0.1',
      '169.254.169.254',
      '172.31.0.1',
      '192.168.1.1',
      '198.18.0.1',
      '224.0.0.1',
    ]
    const near6 = [
      '::1',
      '::',
      'fe80::1',
      'fd00::1',
      'fc00::1',
      'ff02::1',
      '::ffff:10.0.0.1',
      '::ffff:8.8.8.8',
      '2002:7f00:1::',
      '2001:db8::1',
      '64:ff9b::a00:1',
    ]
    for (const address of [...near, ...near6, 'nonsense']) expect(isNear(address), address).toBe(true)
    for (const address of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2a00:1450:4001::1', '2606:4700::1'])
      expect(isNear(address), address).toBe(false)
  })
})

describe('the key that pages subscribe with', () => {
  test('follows from that of the relay, so that it outlives a restart and is the same on each relay with that key', () => {
    const publicKeyOf = (seed: number) => createVapidKey(vapidSecretOf(new Uint8Array(32).fill(seed)), 'mailto:relay@example.org').publicKey
    expect(publicKeyOf(1)).toEqual(publicKeyOf(1))
    expect(publicKeyOf(1)).not.toEqual(publicKeyOf(2))
    expect(vapidSecretOf(new Uint8Array(32).fill(1))).not.toEqual(new Uint8Array(32).fill(1))
  })
})

/** A sender whose time the test moves, and what it posted. */
function startSender(post: Post, { retriedMax }: { readonly retriedMax?: number } = {}) {
  const timers: { at: number; work: () => void }[] = []
  const gone: string[] = []
  const results: PushResult[] = []
  const world = { now: NOW }
  const vapid = createVapidKey(new Uint8Array(32).fill(5), 'mailto:relay@example.org')
  const later = (ms: number, work: () => void): void => void timers.push({ at: world.now + ms, work })
  const sender = createSender({
    vapid,
    post,
    clock: () => world.now,
    later,
    onResult: (result) => void results.push(result),
    ...(retriedMax === undefined ? {} : { retriedMax }),
  })
  const wake = (name: string, subscription: PushSubscription): boolean =>
    sender.wake({ name, subscription, text: TEXT, onGone: () => void gone.push(name) })
  const pass = async (ms: number): Promise<void> => {
    world.now += ms
    for (const timer of timers.filter(({ at }) => at <= world.now)) {
      timers.splice(timers.indexOf(timer), 1)
      timer.work()
    }
    await settled()
  }
  return { wake, gone, results, pass }
}
const settled = (): Promise<void> => new Promise((done) => setImmediate(done))

describe('a device', () => {
  const browser = createPushBrowser()
  const subscription: PushSubscription = { endpoint: 'https://push.example/abc', ...browser.keys }
  const answers: { status: number; retryAfterMs?: number }[] = []
  const posted: Push[] = []
  const post: Post = async (push) => {
    posted.push(push)
    const { status, retryAfterMs } = answers.shift() ?? { status: 201 }
    return { status, retryAfterMs }
  }
  afterEach(() => {
    answers.length = 0
    posted.length = 0
  })

  test('is woken once for all that comes within a while, and once more after that if something came meanwhile', async () => {
    const { wake, pass } = startSender(post)
    for (let n = 0; n < 5; n++) expect(wake('alice', subscription)).toBe(true)
    await settled()
    expect(posted).toHaveLength(1)
    expect(posted[0]?.headers).toMatchObject({
      ttl: String(PUSH_TTL_S),
      'content-encoding': 'aes128gcm',
      'content-type': 'application/notification+json',
      topic: 'kith',
    })
    await pass(PUSH_EVERY_MS - 1)
    expect(posted).toHaveLength(1)
    await pass(1)
    expect(posted).toHaveLength(2)
    await pass(10 * PUSH_EVERY_MS)
    expect(posted).toHaveLength(2)
  })
  test('is forgotten when the push service knows it no more', async () => {
    for (const status of [404, 410]) {
      const { wake, gone, results, pass } = startSender(post)
      answers.push({ status })
      wake('alice', subscription)
      await settled()
      await pass(10 * PUSH_EVERY_MS)
      expect([gone, posted.length, results]).toEqual([['alice'], 1, ['gone']])
      posted.length = 0
    }
  })
  test('is tried again, each time later, while its service is busy or away, and as late as the service says within reason; in the end it is let be', async () => {
    const { wake, gone, results, pass } = startSender(post)
    answers.push(
      { status: 503 },
      { status: 429, retryAfterMs: 2 * PUSH_RETRY_MS_MAX },
      ...Array.from({ length: 20 }, () => ({ status: 500 })),
    )
    wake('alice', subscription)
    await settled()
    await pass(PUSH_RETRY_MS - 1)
    expect(posted).toHaveLength(1)
    await pass(1)
    expect(posted).toHaveLength(2)
    await pass(PUSH_RETRY_MS_MAX - 1)
    expect(posted).toHaveLength(2)
    await pass(1)
    expect(posted).toHaveLength(3)
    for (let n = 0; n < 20; n++) await pass(PUSH_RETRY_MS_MAX)
    expect([posted.length, gone]).toEqual([1 + PUSH_RETRIES_MAX, []])
    expect(results).toEqual([...Array.from({ length: PUSH_RETRIES_MAX }, () => 'busy'), 'lost'])
  })
  test('is let be at once where its service does not exist, as a name that somebody made up', async () => {
    let calls = 0
    const { wake, gone, results, pass } = startSender(() => {
      calls += 1
      return Promise.reject(Object.assign(new Error('getaddrinfo'), { code: calls === 1 ? 'EAI_AGAIN' : 'ENOTFOUND' }))
    })
    wake('alice', subscription)
    await settled()
    await pass(PUSH_RETRY_MS)
    for (let n = 0; n < 5; n++) await pass(PUSH_RETRY_MS_MAX)
    expect([calls, gone, results]).toEqual([2, [], ['busy', 'lost']])
  })
  test('whose service works is woken, however many wait for one that does not', async () => {
    const { wake, pass, results } = startSender(() => Promise.resolve({ status: 503, retryAfterMs: undefined }), { retriedMax: 3 })
    const at = (n: number): PushSubscription => ({ ...subscription, endpoint: `https://push.example/${n}` })
    for (let n = 0; n < 4; n++) wake(`device ${n}`, at(n))
    await settled()
    expect(results).toEqual(['busy', 'busy', 'busy', 'lost'])
    await pass(PUSH_RETRY_MS)
    expect(results.slice(4), 'their places are free again while they are tried').toEqual(['busy', 'busy', 'busy'])
    expect(PUSHES_RETRIED_MAX).toBeLessThan(PUSHES_WAITING_MAX)
  })
  test('is woken so often at once, and then one by one, however much comes', async () => {
    const { wake, pass } = startSender(post)
    for (let n = 0; n < 3 * PUSH_RATE.burst; n++) {
      wake('alice', subscription)
      await settled()
      await pass(PUSH_EVERY_MS)
    }
    const spent = 3 * PUSH_RATE.burst * PUSH_EVERY_MS
    expect(posted.length).toBeGreaterThan(PUSH_RATE.burst)
    expect(posted.length).toBeLessThanOrEqual(PUSH_RATE.burst + Math.ceil(spent / PUSH_RATE.refillMs) + 1)
  })
  test('is woken once more where another name has the same endpoint, and both together not more often than one', async () => {
    const { wake } = startSender(post)
    for (let n = 0; n < 3 * PUSH_RATE.burst; n++) wake(`name ${n}`, subscription)
    await settled()
    expect(posted).toHaveLength(PUSH_RATE.burst)
  })
  test('waits while many are under way, and is let go when too many wait', async () => {
    const open: (() => void)[] = []
    const { wake } = startSender(() => new Promise((resolve) => open.push(() => resolve({ status: 201, retryAfterMs: undefined }))))
    const at = (n: number): PushSubscription => ({ ...subscription, endpoint: `https://push.example/${n}` })
    for (let n = 0; n < PUSHES_WAITING_MAX; n++) expect(wake(`device ${n}`, at(n))).toBe(true)
    expect([open.length, wake('one more', at(-1)), wake('device 1', at(1))]).toEqual([PUSHES_UNDER_WAY_MAX, false, true])
    open[0]?.()
    await settled()
    expect(open).toHaveLength(PUSHES_UNDER_WAY_MAX + 1)
  })
})

describe('a push endpoint', () => {
  const browser = createPushBrowser()
  const servers: Server[] = []
  afterEach(() => servers.splice(0).forEach((server) => server.close().closeAllConnections()))
  const listen = async (onRequest: RequestListener): Promise<URL> => {
    const server = createServer(onRequest).listen(0, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/push/abc`)
  }

  test('gets what its browser can open', async () => {
    const push = await openPushEndpoint(browser)
    const { wake } = startSender(createPost({ origins: [push.origin] }))
    wake('alice', { endpoint: push.endpoint, ...browser.keys })
    expect(await push.next()).toMatchObject({
      text: Buffer.from(TEXT).toString(),
      headers: { urgency: 'high', authorization: expect.stringMatching(/^vapid t=/) as string },
    })
    push.close()
  })
  test('may say when to come back, leads nowhere else, and is given up when it does not answer', async () => {
    const push = { headers: {}, body: TEXT }
    const busy = await listen((_, response) => void response.writeHead(429, { 'retry-after': '7' }).end('later'))
    const asked: string[] = []
    const elsewhere = await listen((_, response) => void response.writeHead(307, { location: busy.href }).end())
    const silent = await listen((request) => void asked.push(request.url ?? ''))
    const origins = [busy, elsewhere, silent].map(({ origin }) => origin)
    expect(await createPost({ origins })({ url: busy, ...push })).toEqual({ status: 429, retryAfterMs: 7_000 })
    expect(await createPost({ origins })({ url: elsewhere, ...push })).toEqual({ status: 307, retryAfterMs: undefined })
    await expect(createPost({ origins, answerMs: PUSH_ANSWER_MS_MAX / 100 })({ url: silent, ...push })).rejects.toThrow(/abort|timeout/i)
    expect(asked).toHaveLength(1)
  })
  test('is not called where its name leads to an address near the relay, one of several included', async () => {
    let calls = 0
    const inside = await listen((_, response) => {
      calls += 1
      response.end()
    })
    const url = new URL(`https://push.example.org:${inside.port}/abc`)
    const far = { address: '8.8.8.8', family: 4 }
    for (const all of [
      [{ address: '127.0.0.1', family: 4 }],
      [far, { address: '::1', family: 6 }],
      [{ address: '169.254.169.254', family: 4 }],
    ])
      await expect(createPost({ resolve: (_, done) => done(null, all) })({ url, headers: {}, body: TEXT })).rejects.toThrow(
        /near the relay/,
      )
    await expect(createPost({ resolve: (_, done) => done(null, []) })({ url, headers: {}, body: TEXT })).rejects.toThrow(/no address/)
    expect(calls).toBe(0)
  })
})
