// The door through which features reach the running engine. The composition root provides it; features know only this type.

import { inject } from 'vue'
import type { InjectionKey } from 'vue'
import type { RemoteEngine } from '../../session/engine-client.ts'

export type { EngineFailure, EngineStatus } from '../../session/status.ts'

export type EngineClient = RemoteEngine & {
  /** Erases everything that this browser keeps of Kith. */
  wipe(): Promise<void>
}

export const engineKey: InjectionKey<EngineClient> = Symbol('engine')

export const useEngine = (): EngineClient => {
  const engine = inject(engineKey)
  if (engine === undefined) throw new Error('no engine was provided')
  return engine
}
