import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../test/vectors/seeded-random.ts'
import { toUnixMs } from '../bytes/ids.ts'
import { BATCH_INPUTS_MAX } from '../limits.ts'
import { StoreError } from '../ports.ts'
import { createLoop } from './loop.ts'
import { loadOrCreate } from './records/index.ts'
import type { Store, StoreWrite } from '../ports.ts'
import type { Change, InputFate, Loop } from './loop.ts'

const env = { now: toUnixMs(1_800_000_000_000), random: seededRandom('loop') }
const relay = { key: new Uint8Array(32).fill(1), url: 'ws://127.0.0.1:1' }
const setName = (name: string) => ({ kind: 'set-name', name }) as const

/** What of the outside does not work. */
type Broken = { readonly refuse?: () => StoreError; readonly random?: typeof env.random }

type Bench = {
  readonly loop: Loop
  readonly changes: Change[]
  readonly failures: unknown[]
  readonly faults: unknown[]
  /** Kinds of the inputs whose steps threw. */
  readonly faulty: string[]
  readonly commits: (readonly StoreWrite[])[]
}

const disk: Store = { commit: () => Promise.resolve(), get: () => Promise.resolve(undefined), read: () => Promise.resolve([]) }

async function bench({ refuse, random = env.random }: Broken = {}): Promise<Bench> {
  const [changes, failures, faults, commits]: [Change[], unknown[], unknown[], (readonly StoreWrite[])[]] = [[], [], [], []]
  const faulty: string[] = []
  const loop = createLoop(await loadOrCreate(disk, env, () => Promise.resolve([])), {
    store: {
      ...disk,
      commit: (writes) => {
        commits.push(writes)
        const error = refuse?.()
        return error === undefined ? disk.commit(writes) : Promise.reject(error)
      },
    },
    loadPart: () => Promise.resolve(),
    env: () => ({ ...env, random }),
    pause: () => Promise.resolve(),
    full: () => undefined,
    committed: (change) => void changes.push(change),
    failed: (error) => void failures.push(error),
    faulty: (error, input) => {
      faults.push(error)
      faulty.push(input.kind)
    },
  })
  return { loop, changes, failures, faults, faulty, commits }
}

describe('the loop', () => {
  test.each([
    [BATCH_INPUTS_MAX - 1, 1],
    [BATCH_INPUTS_MAX, 2],
  ])('puts what waits together, up to a bound: the first and %i more make %i commits in all', async (waiting, commits) => {
    const { loop, commits: made } = await bench()
    for (let at = 0; at < waiting; at++) loop.push(setName(`name ${at}`))
    await loop.ask(setName(`name ${waiting}`))
    expect(made).toHaveLength(commits)
    expect(loop.state().self.name).toBe(`name ${waiting}`)
  })

  test('drops an input whose state no row can hold, and nothing else', async () => {
    const { loop, commits, faulty, failures } = await bench()
    const [before, after] = [loop.ask(setName('before')), loop.ask(setName('after'))]
    const unstorable = loop.ask({ kind: 'home', relay: { ...relay, url: `ws://${'a'.repeat(300)}` } })
    const last = loop.ask(setName('last'))
    await expect(unstorable).rejects.toThrow(RangeError)
    await Promise.all([before, after, last])
    expect([loop.state().self.name, loop.state().home, faulty, failures]).toEqual(['last', undefined, ['home'], []])
    const count = commits.length
    loop.push(setName('one'))
    await loop.ask(setName('two'))
    expect(commits.length, 'and from then on things go together again').toBeLessThanOrEqual(count + 2)
  })

  test('commits what somebody waits for without what comes from outside', async () => {
    const { loop, changes } = await bench()
    loop.push(setName('before'))
    /** In which commit they were. */
    const outside: number[] = []
    const all = Array.from(
      { length: 10 },
      (_, at) =>
        new Promise<void>((done) =>
          loop.push({ kind: 'peer-up', device: `${at}`.repeat(64) as never }, () => done(void outside.push(changes.length))),
        ),
    )
    await Promise.all([loop.ask(setName('one')), loop.ask(setName('two')), ...all])
    const asked = changes.findIndex(({ after }) => after.self.name === 'two')
    expect(new Set(outside)).toEqual(new Set([asked + 1]))
  })

  test('answers, and tells of a change, only when it is durable', async () => {
    const { loop, changes } = await bench()
    const order: string[] = []
    loop.push({ kind: 'home', relay }, (fate: InputFate) => order.push(`${fate}, home ${String(loop.state().home?.url)}`))
    expect(loop.state().home).toBeUndefined()
    await loop.ask(setName('Alice')).then(() => order.push(`answered, ${String(loop.state().self.name)}`))
    expect(order).toEqual([`durable, home ${relay.url}`, 'answered, Alice'])
    expect(changes.at(-1)?.before.self.name).toBeUndefined()
    expect(changes.at(-1)?.after.self.name).toBe('Alice')
  })

  test('says of a commit that it passes while more of others waits, and never of one that somebody waited for', async () => {
    const { loop, changes } = await bench()
    const pushed = Array.from(
      { length: 2 * BATCH_INPUTS_MAX },
      (_, at) => new Promise<void>((done) => loop.push({ kind: 'peer-up', device: String(at).padStart(64, '0') as never }, () => done())),
    )
    await Promise.all(pushed)
    expect(changes.map(({ moment }) => moment)).toEqual(['passing', 'at rest'])
    changes.length = 0
    const late = new Promise<void>((done) => loop.push({ kind: 'peer-up', device: 'f'.repeat(64) as never }, () => done()))
    await Promise.all([loop.ask(setName('one')), late])
    expect(changes.find(({ after }) => after.self.name === 'one')?.moment).toBe('at rest')
  })

  test('writes nothing where nothing changed', async () => {
    const { loop, commits } = await bench()
    await new Promise<void>((resolve) => loop.push({ kind: 'relay-down', relay: 'ff' }, () => resolve()))
    expect(commits).toEqual([])
  })

  test('stops where the store refuses: nothing is answered, and nothing after it is taken', async () => {
    const { loop, failures, changes } = await bench({ refuse: () => new StoreError('failed', 'the disk is gone') })
    await expect(loop.ask(setName('Alice'))).rejects.toMatchObject({ code: 'failed' })
    expect(failures).toMatchObject([{ code: 'failed' }])
    expect(changes).toEqual([])
    expect(loop.state().self.name).toBeUndefined()
    await expect(loop.ask(setName('Bob'))).rejects.toThrow('stopped')
  })

  test('drops an input whose step throws, keeps the state, and does the others', async () => {
    const noChance = (): never => {
      throw new Error('no randomness')
    }
    const { loop, faults } = await bench({ random: noChance })
    const fates: InputFate[] = []
    loop.push(setName('before'), (fate) => fates.push(fate))
    loop.push({ kind: 'create', relay, text: 'welcome', ref: 'first' }, (fate) => fates.push(fate))
    loop.push(setName('after'), (fate) => fates.push(fate))
    await loop.ask(setName('after'))
    expect(loop.state().conversations.size).toBe(0)
    expect(fates).toEqual(['durable', 'faulty', 'durable'])
    expect(faults).toHaveLength(1)
    expect(loop.state().self.name).toBe('after')
  })

  test('holds a blob whose step throws', async () => {
    const { loop, faulty, changes } = await bench()
    const source = { kind: 'mailbox', relay: 'ff', mailbox: '2'.repeat(64) as never, blob: new Uint8Array(40) } as const
    const received = { kind: 'received', source, frames: undefined as never, lookups: new Map(), part: 'last' } as const
    await new Promise<void>((resolve) => loop.push(received, () => resolve()))
    expect(faulty).toEqual(['received'])
    expect(changes.flatMap(({ effects }) => effects)).toMatchObject([{ kind: 'hold', sealed: source.blob }])
  })

  test('stops where the store fails in the middle of a step: that is no fault of the input', async () => {
    const noStore = (): never => {
      throw new StoreError('failed', 'the disk is gone')
    }
    const { loop, failures, faulty } = await bench({ random: noStore })
    await expect(loop.ask({ kind: 'create', relay, text: 'welcome', ref: 'first' })).rejects.toMatchObject({ code: 'failed' })
    expect(failures).toMatchObject([{ code: 'failed' }])
    expect(faulty).toEqual([])
  })

  test('that is stopped does nothing more, and says so to whoever asks or waits', async () => {
    const { loop } = await bench()
    const waiting = [loop.ask(setName('one')), loop.ask(setName('two'))].map((asked) => asked.catch(String))
    await loop.stop()
    expect(await Promise.all(waiting)).toEqual(['Error: the engine has stopped', 'Error: the engine has stopped'])
    await expect(loop.ask(setName('three'))).rejects.toThrow('stopped')
    expect(loop.state().self.name).toBeUndefined()
  })

  test('that is stopped while it rests ends at once', async () => {
    const { loop } = await bench()
    await loop.ask(setName('one'))
    await loop.stop()
    expect(loop.state().self.name).toBe('one')
  })
})
