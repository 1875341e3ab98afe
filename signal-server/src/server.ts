// Wires storage, relay core, page and libp2p node into one running server.

import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { toRelayUrl } from './config.ts'
import { FolderSilentError, prepareFolder } from './folder.ts'
import { createHealth } from './health.ts'
import { hashNative, loadRelayKey, verifyNative } from './key.ts'
import { isSigningKeyNative } from './signing-key.ts'
import { DRAIN_MS_MAX, FOLDER_MS_MAX } from './limits.ts'
import { isBearer } from './bearer.ts'
import { clockMarksIn } from './clock-mark.ts'
import { loadBlocked } from './blocked.ts'
import { listenForControl } from './control/listen.ts'
import { createActions, createUsage } from './operator.ts'
import { bytesForParcels, createRelay, perMinute } from './relay/index.ts'
import { createReports, messageOf } from './reports.ts'
import { openSqliteStorage } from './storage/sqlite.ts'
import { lockFolder } from './storage/sqlite-lock.ts'
import { StartError } from './start-error.ts'
import { StorageError } from './storage/storage.ts'
import { startWebPush } from './web-push/index.ts'
import { startStoreClock } from './store-clock.ts'
import { startReleasing } from './releasing.ts'
import { createSweeper, startSweeping } from './sweeping.ts'
import { createTurnIssuer } from './turn-server.ts'
import { addressOf, listenErrorOf, localUrlOf, portOf, publicAddressOf } from './address.ts'
import { createPageHandler } from './transport/http.ts'
import { hostOf, startRelayNode } from './transport/node.ts'
import { createPageFiles } from './transport/page-files.ts'
import type { Libp2p } from '@libp2p/interface'
import type { Config, StoreServers } from './config.ts'
import type { Health } from './health.ts'
import type { RelayKey } from './key.ts'
import type { Relay, Storage } from './relay/index.ts'
import type { Blocked } from './blocked.ts'
import type { RelayLog } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Reports } from './reports.ts'
import type { StoreClock } from './store-clock.ts'
import type { PageOptions } from './transport/http.ts'
import type { WebPush } from './web-push/index.ts'

export type RelayServer = {
  /** The page's address for people, e.g. `https://chat.example.org/`. */
  readonly url: string
  /** The page's address on this machine, e.g. `http://127.0.0.1:8080/`. */
  readonly localUrl: string
  /** Finishes what devices were promised, then ends. */
  stop(): Promise<void>
}

export type ServerHost = {
  readonly log: RelayLog
  /** The relay cannot go on and should be started anew. */
  readonly onLost: (reason: string) => void
}

/** For intervals: a clock that is set must not silence the log or keep an old state of health. */
const steady = (): number => performance.now()

export async function startRelayServer(config: Config, { log, onLost }: ServerHost): Promise<RelayServer> {
  await prepareFolder(config.dataDir).catch((error: unknown) => {
    throw error instanceof FolderSilentError ? error : new StartError(messageOf(error), { cause: error })
  })
  const key = await loadRelayKey(config.dataDir).catch((error: unknown) => {
    throw new StartError(messageOf(error), { cause: error })
  })
  const opened = await openStorage(config, { log, onLost })
  const place = config.store === undefined ? config.dataDir : placeOf(config.store)
  // prom-client takes its time to load, and most relays have nobody who looks at figures.
  const metrics = config.metricsToken === undefined ? undefined : (await import('./metrics.ts')).createMetrics()
  const reports = createReports(config, log.complain, metrics?.refused)
  const health = createHealth({ storage: opened, place, log: log.complain, steady })
  const { storage } = health
  const clock = await startStoreClock(storage.shared, { steady, report: reports.failed })
  const webPush =
    config.push &&
    startWebPush(config.push, {
      storage,
      relaySeed: key.seed,
      clock: clock.now,
      report: reports.failed,
      onResult: (result, host) => {
        metrics?.push(result)
        reports.pushed(result, host)
      },
    })
  const relay = createRelay({
    storage,
    clock: clock.now,
    random: (length) => new Uint8Array(randomBytes(length)),
    key: key.publicKey,
    sign: key.sign,
    soon: setImmediate,
    verify: verifyNative,
    admitsKey: isSigningKeyNative,
    hash: hashNative,
    report: reports.failed,
    addressCreates: perMinute(config.createsPerMinute),
    onCrowded: reports.refusedCreation,
    parcelBytesMax: bytesForParcels(config.storeBytesMax),
    addressBytesMax: (config.storeBytesMax * config.addressSharePercent) / 100,
    onShareUsedUp: reports.refusedShare,
    wakeUps: webPush?.wakeUps,
    turnCredentials: config.turn && createTurnIssuer(config.turn),
    ...(metrics ? { onAnswered: metrics.call } : {}),
  })
  try {
    return await serve({ config, key, relay, storage, clock, reports, health, log, metrics, webPush, blocked: loadBlocked(config.dataDir) })
  } catch (error) {
    clock.stop()
    webPush?.stop()
    await storage.close()
    throw error
  }
}

async function serve(parts: Parts): Promise<RelayServer> {
  const { config, relay, storage, clock, reports, health, blocked, log } = parts
  const doors: Doors = { isTaking: false, node: undefined }
  const node = await listen(parts, doors)
  doors.node = node
  doors.isTaking = true
  const localUrl = localUrlOf(config, portOf(node))
  const url = config.publicUrl === undefined ? localUrl : `${config.publicUrl}/`
  const connections = (): number => node.getConnections().length
  const dropBlocked = (): Promise<number> => dropConnections(node, blocked)
  const actions = createActions({ config, relay, storage, health, blocked, log, steady, url, connections, dropBlocked })
  const closeControl = await listenForControl(config.dataDir, actions, log.complain)
  const marks = clockMarksIn(config.dataDir)
  const { takeTurn } = storage.shared ?? {}
  const sweeper = createSweeper({ relay, storage, clock: clock.now, steady, marks, log: log.complain, ...(takeTurn ? { takeTurn } : {}) })
  const stopSweeping = startSweeping(sweeper, reports.failed)
  const stopReleasing = startReleasing(relay, { takeTurn, report: reports.failed })
  log.note('started', { url })
  return {
    url,
    localUrl,
    async stop() {
      log.note('stopping', { connections: connections() })
      doors.isTaking = false
      stopSweeping()
      stopReleasing()
      clock.stop()
      parts.webPush?.stop()
      await Promise.race([relay.drain(), pause(DRAIN_MS_MAX)])
      await Promise.all([node.stop(), closeControl()])
      await storage.close()
      log.note('stopped')
    },
  }
}

async function dropConnections(node: Libp2p, blocked: Blocked): Promise<number> {
  const gone = node.getConnections().filter(({ remoteAddr }) => blocked.has(hostOf(remoteAddr)))
  await Promise.all(gone.map((connection) => connection.close()))
  return gone.length
}

const placeOf = ({ servers }: StoreServers): string => servers.map(({ host, port }) => `${host}:${port}`).join(', ')

/** Loaded only where it is asked for. The folder is still this relay's alone: its key and its commands are in there. */
async function openSharedStorage(store: StoreServers, dataDir: string, { log }: ServerHost): Promise<Storage> {
  try {
    const lock = lockFolder(dataDir)
    const { openRedisStorage } = await import('./storage/redis/storage.ts')
    const storage = await openRedisStorage({ ...store, warn: (warning) => log.complain(`the store: ${warning}`) })
    const close = async (): Promise<void> => {
      await storage.close()
      lock.close()
    }
    return { ...storage, close }
  } catch (error) {
    throw new StartError(`${messageOf(error)}; see KITH_STORE`, { cause: error })
  }
}

async function openStorage({ dataDir, storeBytesMax, store }: Config, host: ServerHost): Promise<Storage> {
  if (store !== undefined) return openSharedStorage(store, dataDir, host)
  const { log, onLost } = host
  // After a power cut there may be a lot to read, so this is not given up: the folder has just been written to.
  const slow = (): void =>
    log.complain(`still opening the data in ${dataDir}; if it lasts, look at the disk, or set KITH_DATA_DIR to another folder`)
  const timer = setInterval(slow, FOLDER_MS_MAX)
  try {
    return await openSqliteStorage({ folder: dataDir, bytesMax: storeBytesMax }, onLost)
  } catch (error) {
    const message =
      error instanceof StorageError
        ? error.message
        : `cannot open the data in ${dataDir} (${messageOf(error)}); set KITH_DATA_DIR to another folder`
    throw new StartError(message, { cause: error })
  } finally {
    clearInterval(timer)
  }
}

type Parts = {
  readonly config: Config
  readonly key: RelayKey
  readonly relay: Relay
  readonly storage: Storage
  readonly clock: StoreClock
  readonly reports: Reports
  readonly health: Health
  readonly log: RelayLog
  readonly metrics: Metrics | undefined
  readonly webPush: WebPush | undefined
  readonly blocked: Blocked
}
/** Whether devices may come, and the node once there is one. */
type Doors = { isTaking: boolean; node: Libp2p | undefined }

async function listen(parts: Parts, doors: Doors): Promise<Libp2p> {
  const { config, key, relay, reports, health, log, blocked } = parts
  const { publicUrl } = config
  const files = createPageFiles(config.dist)
  const onRequest = createPageHandler({
    files,
    key: key.publicKey,
    relayUrl: publicUrl === undefined ? undefined : toRelayUrl(publicUrl),
    connect: [...new Set([...config.connect, ...config.relays.map(({ url }) => url)])],
    others: config.relays,
    isSecure: publicUrl?.startsWith('https:') ?? false,
    ailment: async () => (doors.node ? health.ailment() : 'not ready'),
    report: reports.failed,
    isTaking: () => doors.isTaking,
    metrics: metricsOf(parts, doors),
  })
  const announce = publicUrl === undefined ? [] : [publicAddressOf(publicUrl)]
  const { connectionsMax, connectionsPerAddressMax, forwardedFor, proxies } = config
  const crowd = {
    connectionsMax: connectionsPerAddressMax,
    forwardedFor,
    proxies,
    onRefused: reports.refusedConnection,
    onTooFast: reports.refusedArrival,
    isBlocked: blocked.has,
  }
  const options = { seed: key.seed, listen: addressOf(config), announce, connectionsMax, crowd, relay, onRequest }
  const node = await startRelayNode(options).catch((error: unknown) => {
    throw new StartError(listenErrorOf(config, error), { cause: error })
  })
  if (!(await files.exists()))
    log.complain(`there is no page in ${config.dist}; run "npm run build" or set KITH_DIST. The relay works without it`)
  return node
}

function metricsOf({ config, storage, health, metrics }: Parts, doors: Doors): PageOptions['metrics'] {
  const { metricsToken } = config
  if (!metrics || metricsToken === undefined) return () => undefined
  const sources = {
    connections: () => doors.node?.getConnections().length ?? 0,
    usage: createUsage(storage, steady),
    storeBytesMax: config.storeBytesMax,
    ailment: health.ailment,
  }
  return (authorization) => (isBearer(authorization, metricsToken) ? metrics.text(sources) : undefined)
}
