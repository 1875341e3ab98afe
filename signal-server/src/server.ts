// Wires storage, relay core, page and libp2p node into one running server.

import { randomBytes } from 'node:crypto'
import { access, constants, mkdir } from 'node:fs/promises'
import { toRelayUrl } from './config.ts'
import { loadRelayKey, verifyNative } from './key.ts'
import { SWEEP_MS } from './limits.ts'
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
  await prepareFolder(config.dataDir)
  const key = await loadRelayKey(config.dataDir).catch((error: unknown) => {
    throw new StartError(messageOf(error), { cause: error })
  })
  const storage = await openStorage(config, onLost)
  const reports = createReports(config, log)
  const relay = createRelay({
    storage,
    clock: Date.now,
    random: (length) => new Uint8Array(randomBytes(length)),
    key: key.publicKey,
    sign: key.sign,
    verify: verifyNative,
    report: reports.failed,
    addressCreates: perMinute(config.createsPerMinute),
    onCrowded: reports.refusedCreation,
    addressBytesMax: (config.storeBytesMax * config.addressSharePercent) / 100,
    onShareUsedUp: reports.refusedShare,
  })
  try {
    const node = await listen({ config, key, relay, reports, log })
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

async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await access(folder, constants.R_OK | constants.W_OK)
  } catch (error) {
    throw new StartError(
      `cannot write to the data folder ${folder} (${codeOf(error)}); set KITH_DATA_DIR to a folder that can be written`,
      { cause: error },
    )
  }
}

async function openStorage({ dataDir, storeBytesMax }: Config, onLost: ServerHost['onLost']): Promise<Storage> {
  try {
    return await openSqliteStorage({ folder: dataDir, bytesMax: storeBytesMax }, onLost)
  } catch (error) {
    const message =
      error instanceof StorageError
        ? error.message
        : `cannot open the data in ${dataDir} (${messageOf(error)}); set KITH_DATA_DIR to another folder`
    throw new StartError(message, { cause: error })
  }
}

type Parts = {
  readonly config: Config
  readonly key: RelayKey
  readonly relay: Relay
  readonly reports: Reports
  readonly log: Log
}

async function listen({ config, key, relay, reports, log }: Parts): Promise<Libp2p> {
  const { publicUrl } = config
  const files = createPageFiles(config.dist)
  let isReady = false
  const onRequest = createPageHandler({
    files,
    key: key.publicKey,
    relayUrl: publicUrl === undefined ? undefined : toRelayUrl(publicUrl),
    connect: config.connect,
    isSecure: publicUrl?.startsWith('https:') ?? false,
    isReady: () => isReady,
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

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : messageOf(error))
