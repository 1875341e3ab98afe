// Wires storage, relay core, page and libp2p node into one running server.

import { randomBytes } from 'node:crypto'
import { toRelayUrl } from './config.ts'
import { FolderSilentError, prepareFolder } from './folder.ts'
import { createHealth } from './health.ts'
import { hashNative, loadRelayKey, verifyNative } from './key.ts'
import { FOLDER_MS_MAX, SWEEP_MS } from './limits.ts'
import { createRelay, perMinute } from './relay/index.ts'
import { createReports, messageOf } from './reports.ts'
import { openSqliteStorage } from './storage/sqlite.ts'
import { StorageError } from './storage/storage.ts'
import { addressOf, listenErrorOf, localUrlOf, portOf, publicAddressOf } from './address.ts'
import { createPageHandler } from './transport/http.ts'
import { startRelayNode } from './transport/node.ts'
import { createPageFiles } from './transport/page-files.ts'
import type { Libp2p } from '@libp2p/interface'
import type { Config } from './config.ts'
import type { Health } from './health.ts'
import type { RelayKey } from './key.ts'
import type { Relay, Storage } from './relay/index.ts'
import type { Log, Reports } from './reports.ts'

export type RelayServer = {
  /** The page's address for people, e.g. `https://chat.example.org/`. */
  readonly url: string
  /** The page's address on this machine, e.g. `http://127.0.0.1:8080/`. */
  readonly localUrl: string
  /** Finishes what devices were promised, then ends. */
  stop(): Promise<void>
}

/** The relay cannot start. The message is one line for the operator and names the setting to change. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

export type ServerHost = {
  readonly log: Log
  /** The relay cannot go on and should be started anew. */
  readonly onLost: (reason: string) => void
}

export async function startRelayServer(config: Config, { log, onLost }: ServerHost): Promise<RelayServer> {
  await prepareFolder(config.dataDir).catch((error: unknown) => {
    throw error instanceof FolderSilentError ? error : new StartError(messageOf(error), { cause: error })
  })
  const key = await loadRelayKey(config.dataDir).catch((error: unknown) => {
    throw new StartError(messageOf(error), { cause: error })
  })
  const opened = await openStorage(config, { log, onLost })
  const reports = createReports(config, log)
  const health = createHealth({ storage: opened, dataDir: config.dataDir, log, clock: Date.now })
  const { storage } = health
  const relay = createRelay({
    storage,
    clock: Date.now,
    random: (length) => new Uint8Array(randomBytes(length)),
    key: key.publicKey,
    sign: key.sign,
    verify: verifyNative,
    hash: hashNative,
    report: reports.failed,
    addressCreates: perMinute(config.createsPerMinute),
    onCrowded: reports.refusedCreation,
    addressBytesMax: (config.storeBytesMax * config.addressSharePercent) / 100,
    onShareUsedUp: reports.refusedShare,
  })
  try {
    const node = await listen({ config, key, relay, reports, health, log })
    const localUrl = localUrlOf(config, portOf(node))
    return {
      url: config.publicUrl === undefined ? localUrl : `${config.publicUrl}/`,
      localUrl,
      stop: stopper(node, storage, startSweeping(relay, reports.failed)),
    }
  } catch (error) {
    await storage.close()
    throw error
  }
}

async function openStorage({ dataDir, storeBytesMax }: Config, { log, onLost }: ServerHost): Promise<Storage> {
  // After a power cut there may be a lot to read, so this is not given up: the folder has just been written to.
  const slow = (): void =>
    log(`still opening the data in ${dataDir}; if it lasts, look at the disk, or set KITH_DATA_DIR to another folder`)
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
  readonly reports: Reports
  readonly health: Health
  readonly log: Log
}

async function listen({ config, key, relay, reports, health, log }: Parts): Promise<Libp2p> {
  const { publicUrl } = config
  const files = createPageFiles(config.dist)
  let isReady = false
  const onRequest = createPageHandler({
    files,
    key: key.publicKey,
    relayUrl: publicUrl === undefined ? undefined : toRelayUrl(publicUrl),
    connect: config.connect,
    isSecure: publicUrl?.startsWith('https:') ?? false,
    ailment: async () => (isReady ? health.ailment() : 'not ready'),
    report: reports.failed,
  })
  const announce = publicUrl === undefined ? [] : [publicAddressOf(publicUrl)]
  const { connectionsMax, connectionsPerAddressMax, forwardedFor } = config
  const crowd = { connectionsMax: connectionsPerAddressMax, forwardedFor, onRefused: reports.refusedConnection }
  const options = { seed: key.seed, listen: addressOf(config), announce, connectionsMax, crowd, relay, onRequest }
  const node = await startRelayNode(options).catch((error: unknown) => {
    throw new StartError(listenErrorOf(config, error), { cause: error })
  })
  isReady = true
  if (!(await files.exists())) log(`there is no page in ${config.dist}; run "npm run build" or set KITH_DIST. The relay works without it`)
  return node
}

function startSweeping(relay: Relay, report: (error: unknown) => void): () => void {
  const sweep = (): void => void relay.sweep().catch(report)
  sweep()
  const timer = setInterval(sweep, SWEEP_MS)
  return () => clearInterval(timer)
}

const stopper = (node: Libp2p, storage: Storage, stopSweeping: () => void) => async (): Promise<void> => {
  stopSweeping()
  await node.stop()
  await storage.close()
}
