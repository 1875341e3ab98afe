// Why a camera or microphone that was asked for did not come.

export type CaptureFault = 'denied' | 'none' | 'busy' | 'unable'

export const toFault = (error: unknown): CaptureFault => {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'none' : 'busy'
}
