// The door through which features reach the running engine. The composition root provides it; features know only this type.

import { inject } from 'vue'
import type { InjectionKey } from 'vue'
import type { EngineClient } from '../../session/index.ts'

export { EngineError } from '../../session/index.ts'
export type { EngineClient, EngineFailure, EngineStatus } from '../../session/index.ts'

export const engineKey: InjectionKey<EngineClient> = Symbol('engine')

export const useEngine = (): EngineClient => {
  const engine = inject(engineKey)
  if (engine === undefined) throw new Error('no engine was provided')
  return engine
}
