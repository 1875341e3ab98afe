// Whether the servers keep what they acknowledge: how they are set is looked at before the relay takes anything.

import { connectTo } from './connection.ts'
import { listOf, textOf } from './replies.ts'
import type { Access, Connection, Server } from './connection.ts'
import type { Topology } from './topology.ts'

/** `refusals`: with these the relay does not start. `warnings`: what an operator should know. */
export type SettingsFound = { readonly refusals: readonly string[]; readonly warnings: readonly string[] }

const NAMES = ['appendonly', 'appendfsync', 'maxmemory', 'maxmemory-policy'] as const
type Settings = Readonly<Record<(typeof NAMES)[number], string | undefined>> & { readonly version: number }
const OLDEST_VERSION = 7

export async function lookAtSettings(topology: Topology, access: Access, replicas: number): Promise<SettingsFound> {
  const refusals: string[] = []
  const warnings: string[] = []
  for (const server of [...topology.masters, ...topology.replicas]) {
    const name = `${server.host}:${server.port}`
    const settings = await settingsOf(server, access).catch(() => undefined)
    if (settings === undefined) warnings.push(`${name} does not say how it is set; see that it has appendonly yes and appendfsync always`)
    else judge(name, settings, { refusals, warnings })
  }
  if (topology.isCluster && replicas === 0)
    warnings.push(
      'KITH_STORE_REPLICAS is 0: when a server of the cluster is lost, so is what it acknowledged last and no replica has heard of yet',
    )
  const wanted = topology.masters.length * replicas
  if (topology.isCluster && topology.replicas.length < wanted)
    warnings.push(
      `KITH_STORE_REPLICAS is ${replicas}, and of ${wanted} replicas ${topology.replicas.length} are there: deposits wait until each master has its own`,
    )
  return { refusals, warnings }
}

async function settingsOf(server: Server, access: Access): Promise<Settings> {
  const connection = await connectTo(server, access)
  try {
    const version = Number(/^redis_version:([0-9]+)/m.exec(textOf(await connection.ask(['INFO', 'server'])))?.[1])
    const entries = await Promise.all(NAMES.map(async (name) => [name, await settingOf(connection, name)] as const))
    return { ...(Object.fromEntries(entries) as Record<(typeof NAMES)[number], string | undefined>), version }
  } finally {
    connection.close()
  }
}

const settingOf = async (connection: Connection, name: string): Promise<string | undefined> => {
  const [, value] = listOf(await connection.ask(['CONFIG', 'GET', name]))
  return value === undefined ? undefined : textOf(value)
}

function judge(name: string, settings: Settings, found: { readonly refusals: string[]; readonly warnings: string[] }): void {
  if (settings.version < OLDEST_VERSION)
    found.refusals.push(`${name} is Redis ${settings.version}; Redis ${OLDEST_VERSION} or Valkey is needed`)
  if (settings.appendonly !== 'yes' || settings.appendfsync !== 'always')
    found.refusals.push(
      `${name} has appendonly ${settings.appendonly} and appendfsync ${settings.appendfsync}: with anything but yes and always it forgets what was acknowledged`,
    )
  if (settings['maxmemory-policy'] !== 'noeviction')
    found.refusals.push(
      `${name} has maxmemory-policy ${settings['maxmemory-policy']}: with anything but noeviction it throws away what waits`,
    )
  if (settings.maxmemory === '0') found.warnings.push(`${name} has no maxmemory: a full store ends it instead of being refused`)
}
