// One master of the store. Writes go to it in groups: one goes out while the next gathers, and behind each group the master is asked whether the replicas
// have it. Reads go their own way, since whoever waits for replicas holds up what is behind it.

import { GROUP_COMMIT_WRITES_MAX, REDIS_GROUP_BYTES_MAX, REDIS_REPLICAS_MS_MAX } from '../../limits.ts'
import { connectTo } from './connection.ts'
import { nameOf } from './slots.ts'
import type { Access, Connection, Reply, Server, Words } from './connection.ts'
import type { Script } from './scripts.ts'

export type Call = { readonly script: Script; readonly bucket: number; readonly args: Words }
type Waiting = Call & { readonly resolve: (reply: Reply) => void; readonly reject: (error: unknown) => void; readonly bytes: number }

export type Master = {
  readonly server: Server
  write(call: Call): Promise<Reply>
  read(call: Call): Promise<Reply>
  ask(words: Words): Promise<Reply>
  close(): void
}
export type MasterOptions = { readonly server: Server; readonly access: Access; readonly replicas: number; readonly onEnd: () => void }

/** The write was made, and too few replicas say that they have it. */
export class TooFewReplicas extends Error {
  override readonly name = 'TooFewReplicas'
}

export function createMaster({ server, access, replicas, onEnd }: MasterOptions): Master {
  const line = createLine(() => connectTo(server, access, onEnd))
  const readLine = createLine(() => connectTo(server, access, onEnd))
  let waiting: Waiting[] = []
  let isUnderWay = false

  const settle = async (group: readonly Waiting[]): Promise<void> => {
    const connection = await line.open()
    let isSentAgain = false
    const answers = group.map((call) => perform(connection, call, () => (isSentAgain = true)))
    const replicated = askReplicas(connection)
    const [outcomes, first] = await Promise.all([Promise.allSettled(answers), replicated])
    // What was sent again went out behind the question.
    const count = isSentAgain ? await askReplicas(connection) : first
    for (const [at, outcome] of outcomes.entries()) {
      const { resolve, reject } = group[at] as Waiting
      if (outcome.status === 'rejected') reject(outcome.reason)
      else if (count < replicas) reject(new TooFewReplicas(`${count} of ${replicas} replicas have it`))
      else resolve(outcome.value)
    }
  }
  const askReplicas = async (connection: Connection): Promise<number> =>
    replicas === 0 ? 0 : Number(await connection.ask(['WAIT', String(replicas), String(REDIS_REPLICAS_MS_MAX)]))
  const nextGroup = (): readonly Waiting[] => {
    let bytes = 0
    const isOver = (call: Waiting): boolean => (bytes += call.bytes) > REDIS_GROUP_BYTES_MAX
    const over = waiting.findIndex((call, at) => at >= GROUP_COMMIT_WRITES_MAX || (isOver(call) && at > 0))
    const group = over < 0 ? waiting : waiting.slice(0, over)
    waiting = over < 0 ? [] : waiting.slice(over)
    return group
  }
  const run = async (): Promise<void> => {
    if (isUnderWay) return
    isUnderWay = true
    while (waiting.length > 0) {
      const group = nextGroup()
      await settle(group).catch((error: unknown) => group.forEach(({ reject }) => reject(error)))
    }
    isUnderWay = false
  }
  return {
    server,
    write(call) {
      const { promise, resolve, reject } = Promise.withResolvers<Reply>()
      waiting.push({ ...call, resolve, reject, bytes: call.args.reduce((sum, word) => sum + word.length, 0) })
      if (!isUnderWay) setImmediate(() => void run())
      return promise
    },
    read: async (call) => perform(await readLine.open(), call, () => {}),
    ask: async (words) => (await readLine.open()).ask(words),
    close() {
      line.close()
      readLine.close()
    },
  }
}

async function perform(connection: Connection, { script, bucket, args }: Call, onUnknown: () => void): Promise<Reply> {
  try {
    return await connection.ask(['EVALSHA', script.sha, '1', nameOf(bucket), ...args])
  } catch (error) {
    if (!isUnknownScript(error)) throw error
    onUnknown()
    return connection.ask(['EVAL', script.source, '1', nameOf(bucket), ...args])
  }
}

const isUnknownScript = (error: unknown): boolean => error instanceof Error && error.message.startsWith('NOSCRIPT')

/** A connection that is opened when it is needed, and again when it has ended. */
function createLine(connect: () => Promise<Connection>) {
  let opening: Promise<Connection> | undefined
  let open: Connection | undefined
  let isClosed = false
  return {
    async open(): Promise<Connection> {
      if (open?.isOpen) return open
      if (isClosed) throw new Error('this server is not in charge any more')
      opening ??= connect().finally(() => (opening = undefined))
      open = await opening
      if (isClosed) open.close()
      return open
    },
    close(): void {
      isClosed = true
      open?.close()
    },
  }
}
